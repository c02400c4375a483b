/** Sound as all of the media process has it: mono, 16 kHz, samples from -1 to 1, in frames of 20 ms. */

export const SAMPLE_RATE = 16_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;

/** What is called silence as a level (RFC 6464). */
export const SILENCE = 127;

/** Level of some samples in -dBov, 0 the loudest and 127 silence: the RMS against that of full scale. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return levelOfMean(sum / Math.max(samples.length, 1));
}

/** The same of the mean of their squares. */
export function levelOfMean(mean: number): number {
  if (mean < 1e-12) return SILENCE;
  return Math.min(SILENCE, Math.max(0, Math.round(-10 * Math.log10(mean))));
}

export function decibelsToFactor(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** Samples waiting to be taken, a frame at a time; grows to what is needed and then allocates no more. */
export class SampleQueue {
  #samples = new Float32Array(4 * FRAME_SAMPLES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The waiting samples, oldest first; a view, until the next change. */
  view(): Float32Array {
    return this.#samples.subarray(0, this.#length);
  }

  push(samples: Float32Array): void {
    this.#reserve(samples.length);
    this.#samples.set(samples, this.#length);
    this.#length += samples.length;
  }

  pushSilence(count: number): void {
    this.#reserve(count);
    this.#samples.fill(0, this.#length, this.#length + count);
    this.#length += count;
  }

  /** Moves the oldest samples to `out`; what is missing becomes silence. */
  take(out: Float32Array): void {
    const count = Math.min(out.length, this.#length);
    out.set(this.#samples.subarray(0, count));
    out.fill(0, count);
    this.drop(0, count);
  }

  /** Cuts `count` samples out, from `at` on. */
  drop(at: number, count: number): void {
    this.#samples.copyWithin(at, at + count, this.#length);
    this.#length -= count;
  }

  /** Puts samples in, at `at`. */
  insert(at: number, samples: Float32Array): void {
    this.#reserve(samples.length);
    this.#samples.copyWithin(at + samples.length, at, this.#length);
    this.#samples.set(samples, at);
    this.#length += samples.length;
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#samples.length) return;
    const larger = new Float32Array(2 * (this.#length + more));
    larger.set(this.#samples);
    this.#samples = larger;
  }
}
