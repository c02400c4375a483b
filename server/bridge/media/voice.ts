/**
 * One voice that comes in, from a phone or from the room: packets in, frames of 20 ms out. A voice that nobody is
 * to hear is followed without being decoded.
 */
import type { Decoder } from './codec.ts';
import { JitterBuffer } from './jitter.ts';
import type { Next } from './jitter.ts';
import { FRAME_SAMPLES, SAMPLE_RATE, SILENCE, SampleQueue } from './sound.ts';
import { Concealer, STRETCHABLE, lengthen, shorten } from './stretch.ts';

const SAMPLES_PER_MS = SAMPLE_RATE / 1_000;

/** How far from its best delay a voice is left, in ms. Lower: more stretching, which costs a little quality. */
const TOLERATED_LATE_MS = 15;
const TOLERATED_EARLY_MS = 10;
/** From here on, in ms, stretching would take too long: what is behind is dropped. */
const HOPELESS_MS = 300;
/** What nobody hears can be put in time at once, from here on, in ms: more than a frame, as it is all in frames. */
const UNHEARD_MS = 30;
/** What a voice counts for that does not say its level, so that it is decoded and heard. */
const UNKNOWN_LEVEL = 30;
/** Fade when a voice begins to be decoded in the middle: 5 ms. */
const FADE_IN_SAMPLES = 5 * SAMPLES_PER_MS;

export class Voice {
  readonly #decoder: Decoder;
  readonly #jitter: JitterBuffer;
  readonly #queue = new SampleQueue();
  readonly #concealer = new Concealer();
  /** What `advance` took for this frame. */
  readonly #taken: Next[] = [];
  #stretchMs = 0;
  #level = SILENCE;
  #decoded = false;

  /** The decoder belongs to the voice from now on. */
  constructor(decoder: Decoder) {
    this.#decoder = decoder;
    this.#jitter = new JitterBuffer(decoder.clockRate);
  }

  get bufferMs(): number {
    return this.#jitter.targetMs;
  }

  get tooLate(): number {
    return this.#jitter.tooLate;
  }

  /**
   * @param level in -dBov, null when nobody has measured it
   * @param comfortNoise whether it is no sound of the codec but says that the sender pauses
   */
  push(
    packet: { sequence: number; timestamp: number; payload: Uint8Array; level: number | null },
    comfortNoise: boolean,
    now: number,
  ): void {
    const samples = comfortNoise ? FRAME_SAMPLES : this.#decoder.durationOf(packet.payload);
    if (samples === 0) return;
    const pause = comfortNoise || this.#decoder.isPause(packet.payload);
    this.#jitter.push({ ...packet, pause, durationMs: samples / SAMPLES_PER_MS }, now);
  }

  /**
   * Goes on by one frame, which is either rendered or discarded then.
   * @returns how loud it will be, in -dBov
   */
  advance(now: number): number {
    this.#taken.length = 0;
    this.#stretchMs = this.#jitter.excessMs(now, this.#queue.length / SAMPLES_PER_MS);
    if (this.#stretchMs > (this.#decoded ? HOPELESS_MS : UNHEARD_MS)) {
      this.#jitter.skip(now);
      this.#queue.clear();
      this.#stretchMs = 0;
    }
    const needed = this.#stretchMs > TOLERATED_LATE_MS ? STRETCHABLE : FRAME_SAMPLES;
    let level = SILENCE;
    for (let queued = this.#queue.length; queued < needed;) {
      // More than a frame is taken of what is here only.
      if (queued >= FRAME_SAMPLES && !this.#jitter.hasNext) break;
      const next = this.#jitter.take(now);
      this.#taken.push(next);
      if (next.kind === 'packet') {
        queued += next.packet.durationMs * SAMPLES_PER_MS;
        if (!next.packet.pause) level = Math.min(level, next.packet.level ?? UNKNOWN_LEVEL);
      } else {
        queued += next.kind === 'lost' ? Math.ceil(next.durationMs * SAMPLES_PER_MS) : FRAME_SAMPLES;
        if (next.kind !== 'pause') level = Math.min(level, this.#level);
      }
    }
    // What is left of a packet that began in the frame before is as loud as that.
    this.#level = this.#taken.length === 0 ? this.#level : level;
    return this.#level;
  }

  /** The frame that `advance` went on by. */
  render(out: Float32Array): void {
    for (const next of this.#taken) this.#decode(next);
    if (this.#stretchMs > TOLERATED_LATE_MS) shorten(this.#queue);
    else if (this.#stretchMs < -TOLERATED_EARLY_MS) lengthen(this.#queue);
    this.#queue.take(out);
    if (!this.#decoded) {
      for (let i = 0; i < FADE_IN_SAMPLES; i += 1) out[i] = ((out[i] ?? 0) * i) / FADE_IN_SAMPLES;
    }
    this.#decoded = true;
  }

  /** Lets the frame go unheard. */
  discard(): void {
    for (const next of this.#taken) {
      if (next.kind === 'packet') this.#queue.pushSilence(next.packet.durationMs * SAMPLES_PER_MS);
      else if (next.kind === 'lost') this.#queue.pushSilence(Math.ceil(next.durationMs * SAMPLES_PER_MS));
      else this.#queue.pushSilence(FRAME_SAMPLES);
    }
    this.#queue.drop(0, Math.min(FRAME_SAMPLES, this.#queue.length));
    this.#decoded = false;
  }

  close(): void {
    this.#decoder.close();
  }

  #decode(next: Next): void {
    switch (next.kind) {
      case 'packet': {
        const { packet } = next;
        const samples = packet.pause ? null : this.#decoder.decode(packet.payload);
        if (samples) {
          this.#concealer.pass(samples);
          this.#queue.push(samples);
        } else {
          this.#queue.pushSilence(packet.durationMs * SAMPLES_PER_MS);
        }
        return;
      }
      case 'lost': {
        const count = Math.ceil(next.durationMs * SAMPLES_PER_MS);
        const repeated = next.following ? this.#decoder.recover(next.following.payload, count) : null;
        this.#queue.push(repeated ?? this.#decoder.conceal(count) ?? this.#concealer.conceal(count));
        return;
      }
      case 'late':
        this.#queue.push(this.#decoder.conceal(FRAME_SAMPLES) ?? this.#concealer.conceal(FRAME_SAMPLES));
        return;
      case 'pause':
        this.#queue.pushSilence(FRAME_SAMPLES);
    }
  }
}
