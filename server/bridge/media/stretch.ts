/**
 * Makes sound a little longer or shorter without changing its pitch: by one pitch period, faded over. Fills holes
 * with repetitions of the last period. Pure.
 */
import { FRAME_SAMPLES, SAMPLE_RATE } from './sound.ts';
import type { SampleQueue } from './sound.ts';

/** Pitch periods of voices: 400 Hz to 66 Hz, in samples. */
const SHORTEST_PERIOD = SAMPLE_RATE / 400;
const LONGEST_PERIOD = Math.floor(SAMPLE_RATE / 66);
/** Samples that are compared to find the period. */
const COMPARED = 200;
/** Every other sample will do to find it. */
const STRIDE = 2;

/** Samples that a queue must have to be made shorter: 30 ms. */
export const STRETCHABLE = 2 * LONGEST_PERIOD;

/** By how many samples a sound repeats itself best; what is too short for the longest period is tried for less. */
export function findPeriod(samples: Float32Array): number {
  const longest = Math.min(LONGEST_PERIOD, samples.length >> 1);
  const compared = Math.min(COMPARED, samples.length - longest);
  let best = SHORTEST_PERIOD;
  let bestScore = -Infinity;
  for (let lag = SHORTEST_PERIOD; lag <= longest; lag += 1) {
    let product = 0;
    let energy = 1e-9;
    for (let i = 0; i < compared; i += STRIDE) {
      const later = samples[i + lag] ?? 0;
      product += (samples[i] ?? 0) * later;
      energy += later * later;
    }
    const score = product / Math.sqrt(energy);
    if (score > bestScore) {
      bestScore = score;
      best = lag;
    }
  }
  return best;
}

/** Takes one period out of a queue's beginning. @returns samples less; 0 when there are too few */
export function shorten(queue: SampleQueue): number {
  const samples = queue.view();
  if (samples.length < STRETCHABLE) return 0;
  const period = findPeriod(samples);
  for (let i = 0; i < period; i += 1) {
    const fade = (i + 1) / (period + 1);
    samples[i] = (samples[i] ?? 0) * (1 - fade) + (samples[i + period] ?? 0) * fade;
  }
  queue.drop(period, period);
  return period;
}

/** Repeats one period at a queue's beginning. @returns samples more; 0 when there is less than a frame */
export function lengthen(queue: SampleQueue): number {
  const samples = queue.view();
  // There is little to be had when this is needed.
  if (samples.length < FRAME_SAMPLES) return 0;
  const period = findPeriod(samples);
  const repeated = new Float32Array(period);
  for (let i = 0; i < period; i += 1) {
    const fade = (i + 1) / (period + 1);
    repeated[i] = (samples[i + period] ?? 0) * (1 - fade) + (samples[i] ?? 0) * fade;
  }
  queue.insert(period, repeated);
  return period;
}

/** Frames that a concealment lasts until it is silent: 60 ms. Longer: a buzz. Shorter: a hole. */
const FADE_SAMPLES = 3 * FRAME_SAMPLES;
/** What is faded over when the sound comes back: 4 ms. */
const REJOIN_SAMPLES = SAMPLE_RATE / 250;
const HISTORY = STRETCHABLE;

/** Fills holes in a sound that has no concealment of its own (ITU-T G.711 appendix I has the idea). */
export class Concealer {
  readonly #history = new Float32Array(HISTORY);
  readonly #made = new Float32Array(2 * FRAME_SAMPLES);
  #period = 0;
  /** Samples made since the sound broke off; 0 when it has not. */
  #concealed = 0;

  /** Takes what came, and mends its beginning if it follows a hole. */
  pass(samples: Float32Array): void {
    if (this.#concealed > 0) {
      const count = Math.min(REJOIN_SAMPLES, samples.length);
      const made = this.#make(count);
      for (let i = 0; i < count; i += 1) {
        const fade = (i + 1) / (count + 1);
        samples[i] = (made[i] ?? 0) * (1 - fade) + (samples[i] ?? 0) * fade;
      }
      this.#concealed = 0;
    }
    this.#remember(samples);
  }

  /** What may have been in a hole; fades away. @returns a view until the next call */
  conceal(count: number): Float32Array {
    if (this.#concealed === 0) {
      // The end of the sound, turned round: the period is looked for from its last samples backwards.
      const end = this.#history.slice(-STRETCHABLE).reverse();
      this.#period = findPeriod(end);
    }
    return this.#make(Math.min(count, this.#made.length));
  }

  #make(count: number): Float32Array {
    const start = HISTORY - this.#period;
    for (let i = 0; i < count; i += 1) {
      const at = this.#concealed + i;
      const gain = Math.max(0, 1 - Math.max(0, at - FRAME_SAMPLES / 2) / FADE_SAMPLES);
      this.#made[i] = gain * (this.#history[start + (at % this.#period)] ?? 0);
    }
    this.#concealed += count;
    return this.#made.subarray(0, count);
  }

  #remember(samples: Float32Array): void {
    const count = Math.min(samples.length, HISTORY);
    this.#history.copyWithin(0, count);
    this.#history.set(samples.subarray(samples.length - count), HISTORY - count);
  }
}
