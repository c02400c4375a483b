/**
 * One room's sound, a frame at a time: the loudest voices added up, and for each of those who are in the sum, the
 * sum without himself (mix-minus). Who is not in it hears what all others like him hear, encoded once for all.
 */
import type { Encoder } from './codec.ts';
import { AutomaticGain, ComfortNoise, Limiter } from './loudness.ts';
import type { CodecName } from './protocol.ts';
import { FRAME_SAMPLES, SILENCE, levelOf } from './sound.ts';
import { Speakers, loudnessAfter } from './speakers.ts';
import type { Candidate } from './speakers.ts';
import type { Voice } from './voice.ts';

/** How many are heard at once. More: nobody is left out of a quarrel. Fewer: less decoding, less noise. */
const MOST_SPEAKERS = 5;

/** A voice in a mix. */
export class Source implements Candidate {
  readonly voice: Voice;
  readonly frame = new Float32Array(FRAME_SAMPLES);
  /** Whether its frames are needed even if nobody is to hear it. */
  alwaysRendered = false;
  /** Whether it is to be heard at all. */
  silenced = false;
  level = SILENCE;
  loudness = 0;
  readonly #gain = new AutomaticGain();

  constructor(voice: Voice) {
    this.voice = voice;
  }

  advance(now: number): void {
    const level = this.voice.advance(now);
    this.level = this.silenced ? SILENCE : level;
    this.loudness = loudnessAfter(this.loudness, this.level);
  }

  /** Makes this frame's sound if it is needed. @param isHeard whether anybody is to hear it */
  render(isHeard: boolean): void {
    if (this.silenced || !(isHeard || this.alwaysRendered) || this.level === SILENCE) {
      this.voice.discard();
      this.frame.fill(0);
      return;
    }
    this.voice.render(this.frame);
    this.#gain.apply(this.frame, levelOf(this.frame));
  }
}

/** What most of a room hears in one frame. */
export interface SharedSound {
  readonly frame: Float32Array;
  /** Nobody speaks: there is nothing in it but comfort noise. */
  readonly quiet: boolean;
  /** Encoded at most once a frame and codec. */
  encoded(codec: CodecName): Uint8Array;
}

export interface Listener {
  /** Itself in the mix, which it is not to hear. */
  readonly source: Source | null;
  readonly limiter: Limiter;
  /** Takes a frame that is its own; it may change it. */
  hearOwn(frame: Float32Array): void;
  hearShared(sound: SharedSound): void;
}

export class Mix {
  readonly sources = new Set<Source>();
  /** Those of them that are encoded to be sent to the room. */
  readonly encoded = new Set<Source>();
  readonly listeners = new Set<Listener>();
  readonly #heard = new Speakers<Source>(MOST_SPEAKERS);
  readonly #sent = new Speakers<Source>(0);
  readonly #encoders: Readonly<Record<CodecName, Encoder>>;
  readonly #sum = new Float32Array(FRAME_SAMPLES);
  readonly #own = new Float32Array(FRAME_SAMPLES);
  readonly #shared: MixedFrame;
  readonly #limiter = new Limiter();
  readonly #noise = new ComfortNoise();

  /** @param encoders for what all hear; they belong to the mix from now on */
  constructor(encoders: Readonly<Record<CodecName, Encoder>>) {
    this.#encoders = encoders;
    this.#shared = new MixedFrame(encoders);
  }

  /** How many voices the room takes; 0 while nobody is there to hear them. */
  set wantedVoices(count: number) {
    this.#sent.most = count;
  }

  /** Whether the room is sent this voice in this frame. Of those that are encoded first, only the loudest are. */
  sends(source: Source): boolean {
    return this.encoded.has(source) ? this.#sent.has(source) : this.#sent.most > 0;
  }

  /** Goes on by one frame. @param now in ms of a clock that only goes forwards */
  mixOnce(now: number): void {
    for (const source of this.sources) source.advance(now);
    this.#heard.choose(this.sources);
    this.#sent.choose(this.encoded);
    this.#sum.fill(0);
    for (const source of this.sources) {
      const isHeard = this.#heard.has(source);
      source.render(isHeard || this.#sent.has(source));
      if (isHeard) add(this.#sum, source.frame);
    }
    this.#shared.begin(this.#sum, this.#heard.count === 0);
    this.#noise.addTo(this.#shared.frame);
    this.#limiter.apply(this.#shared.frame);
    for (const listener of this.listeners) {
      const { source } = listener;
      if (source && this.#heard.has(source)) listener.hearOwn(this.#without(source, listener.limiter));
      else listener.hearShared(this.#shared);
    }
  }

  close(): void {
    for (const encoder of Object.values(this.#encoders)) encoder.close();
  }

  #without(source: Source, limiter: Limiter): Float32Array {
    const own = this.#own;
    const { frame } = source;
    for (let i = 0; i < FRAME_SAMPLES; i += 1) own[i] = (this.#sum[i] ?? 0) - (frame[i] ?? 0);
    this.#noise.addTo(own);
    limiter.apply(own);
    return own;
  }
}

class MixedFrame implements SharedSound {
  readonly frame = new Float32Array(FRAME_SAMPLES);
  readonly #encoders: Readonly<Record<CodecName, Encoder>>;
  readonly #payloads = new Map<CodecName, Uint8Array>();
  #quiet = true;

  constructor(encoders: Readonly<Record<CodecName, Encoder>>) {
    this.#encoders = encoders;
  }

  get quiet(): boolean {
    return this.#quiet;
  }

  begin(sum: Float32Array, quiet: boolean): void {
    this.frame.set(sum);
    this.#quiet = quiet;
    this.#payloads.clear();
  }

  encoded(codec: CodecName): Uint8Array {
    const done = this.#payloads.get(codec);
    if (done) return done;
    const payload = this.#encoders[codec].encode(this.frame);
    this.#payloads.set(codec, payload);
    return payload;
  }
}

function add(sum: Float32Array, frame: Float32Array): void {
  for (let i = 0; i < FRAME_SAMPLES; i += 1) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
}
