/** What one caller hears: the mix, louder or softer, prompts over it, and digits in its place; as RTP to the phone. */
import type { Agreement } from '../leg/negotiation.ts';
import { sends } from '../leg/negotiation.ts';
import type { Encoder } from './codec.ts';
import { DigitSender } from './dtmf.ts';
import { Limiter } from './loudness.ts';
import type { Listener, SharedSound, Source } from './mix.ts';
import { OPUS_PAUSE } from './opus.ts';
import type { Playing } from './prompts.ts';
import { FRAME_SAMPLES, SILENCE, decibelsToFactor } from './sound.ts';
import { OutgoingStream } from './stream.ts';

/** How much softer the room is under a prompt. */
const DUCK = decibelsToFactor(-14);
/** Frames of quiet after which nothing is sent to those who understand pauses (Opus). */
const QUIET_FRAMES = 20;
/** Then one packet in so many, so that no NAT on the way forgets us: each 400 ms. */
const KEEP_ALIVE_FRAMES = 20;
export interface DownlinkEvents {
  onPromptEnded(playId: number, whole: boolean): void;
  send(packet: Buffer): void;
}

export class Downlink implements Listener {
  readonly limiter = new Limiter();
  readonly stream: OutgoingStream;
  /** The caller's own voice in the mix. */
  source: Source | null = null;
  readonly #events: DownlinkEvents;
  readonly #frame = new Float32Array(FRAME_SAMPLES);
  #agreement: Agreement | null = null;
  #encoder: Encoder | null = null;
  #digits: DigitSender | null = null;
  #playing: Playing | null = null;
  /** Counts what was to be heard, or not any more, so that what takes long to be read is not played too late. */
  #wish = 0;
  #tone: Playing | null = null;
  #gain = 1;
  #quietFrames = 0;
  #pausing = true;

  constructor(ssrc: number, events: DownlinkEvents) {
    this.stream = new OutgoingStream({ ssrc, levelExtensionId: null });
    this.#events = events;
  }

  /**
   * Sends so from now on.
   * @param encoder when the codec is another; it belongs to the downlink from now on
   */
  agree(agreement: Agreement, encoder: Encoder | null): void {
    if (encoder) {
      this.#encoder?.close();
      this.#encoder = encoder;
    }
    if (agreement.digits?.clockRate !== this.#agreement?.digits?.clockRate || !this.#digits) {
      this.#digits = agreement.digits ? new DigitSender(agreement.digits.clockRate) : null;
    }
    this.#agreement = agreement;
  }

  setGain(decibels: number): void {
    this.#gain = decibelsToFactor(decibels);
  }

  /** Ends what played before. @returns what `play` is to be given once the sounds are there */
  awaitPlaying(): number {
    this.stopPlaying();
    return this.#wish;
  }

  /** @param wish of `awaitPlaying`; if something else has been wished for since, this has its end without a beginning */
  play(playing: Playing, wish: number): void {
    if (wish === this.#wish) this.#playing = playing;
    else this.#events.onPromptEnded(playing.id, false);
  }

  stopPlaying(): void {
    this.#wish += 1;
    const playing = this.#playing;
    this.#playing = null;
    if (playing) this.#events.onPromptEnded(playing.id, false);
  }

  /** Beside what plays; a tone that has not ended yet is cut off. */
  playTone(tone: Playing): void {
    this.#tone = tone;
  }

  /** @returns false when the phone takes no telephone events */
  sendDigits(digits: string): boolean {
    this.#digits?.send(digits);
    return this.#digits !== null;
  }

  hearOwn(frame: Float32Array): void {
    this.#finish(frame);
  }

  hearShared(sound: SharedSound): void {
    const plain = this.#gain === 1 && !this.#playing && !this.#tone;
    this.#quietFrames = sound.quiet && plain ? this.#quietFrames + 1 : 0;
    if (!plain) {
      this.#frame.set(sound.frame);
      this.#finish(this.#frame);
    } else if (this.#agreement?.codec === 'opus' && this.#quietFrames > QUIET_FRAMES) {
      const beat = (this.#quietFrames - QUIET_FRAMES) % KEEP_ALIVE_FRAMES === 1;
      this.#send(beat ? () => OPUS_PAUSE : null);
      this.#pausing = true;
    } else {
      this.#send((codec) => sound.encoded(codec));
    }
  }

  close(): void {
    this.stopPlaying();
    this.#encoder?.close();
    this.#encoder = null;
    this.#agreement = null;
  }

  #finish(frame: Float32Array): void {
    const gain = this.#gain * (this.#playing ? DUCK : 1);
    if (gain !== 1) for (let i = 0; i < FRAME_SAMPLES; i += 1) frame[i] = (frame[i] ?? 0) * gain;
    if (this.#tone && !this.#tone.addTo(frame)) this.#tone = null;
    const playing = this.#playing;
    if (playing && !playing.addTo(frame)) {
      this.#playing = null;
      this.#events.onPromptEnded(playing.id, true);
    }
    this.limiter.apply(frame);
    this.#send(() => this.#encoder?.encode(frame) ?? OPUS_PAUSE);
  }

  /** Sends a frame's packet, or nothing, and lets the frame's time pass. */
  #send(payload: ((codec: Agreement['codec']) => Uint8Array) | null): void {
    const agreement = this.#agreement;
    const encoder = this.#encoder;
    if (!agreement || !encoder) return;
    if (sends(agreement.direction)) {
      const event = this.#digits?.next();
      if (event && agreement.digits) {
        const back = event.frame * encoder.ticksPerFrame;
        const { payloadType } = agreement.digits;
        this.#events.send(this.stream.packet(payloadType, event.payload, event.marker, SILENCE, back));
      } else if (payload) {
        const sound = payload(agreement.codec);
        this.#events.send(this.stream.packet(agreement.payloadType, sound, this.#pausing, SILENCE));
        this.#pausing = false;
      }
    }
    this.stream.elapse(encoder.ticksPerFrame);
  }
}
