/** Digits as sound (ITU-T Q.23, Q.24), for trunks that send no events. Goertzel's algorithm on each frame. */
import { FRAME_SAMPLES, SAMPLE_RATE } from './sound.ts';

const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1_209, 1_336, 1_477, 1_633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;

/** Energy of a frame, by sample, below which there is no digit: -36 dBov. */
const LEAST_ENERGY = 10 ** -3.6;
/** Part of the frame's energy that the two tones have at least. Higher: fewer voices pass for digits. */
const LEAST_PART = 0.75;
/** How much louder one tone may be than the other, as energies: 8 dB. */
const MOST_TWIST = 6.3;
/** Frames of 20 ms that a digit lasts at least, and that are quiet between two. */
const LEAST_FRAMES = 2;

const coefficientOf = (frequency: number): number => 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
const ROW_COEFFICIENTS = ROWS.map(coefficientOf);
const COLUMN_COEFFICIENTS = COLUMNS.map(coefficientOf);

export class InbandDigits {
  #candidate: string | null = null;
  #frames = 0;
  #told: string | null = null;

  /** @returns the digit that this frame makes certain, once for each key press */
  hear(frame: Float32Array): string | null {
    const digit = digitIn(frame);
    this.#frames = digit === this.#candidate ? this.#frames + 1 : 1;
    this.#candidate = digit;
    if (this.#frames < LEAST_FRAMES || digit === this.#told) return null;
    this.#told = digit;
    return digit;
  }
}

function digitIn(frame: Float32Array): string | null {
  let energy = 0;
  for (const sample of frame) energy += sample * sample;
  if (energy / frame.length < LEAST_ENERGY) return null;
  const row = loudest(frame, ROW_COEFFICIENTS);
  const column = loudest(frame, COLUMN_COEFFICIENTS);
  const twist = row.energy / Math.max(column.energy, 1e-12);
  if (twist > MOST_TWIST || twist < 1 / MOST_TWIST) return null;
  if (row.energy + column.energy < LEAST_PART * energy) return null;
  return KEYS[row.at]?.[column.at] ?? null;
}

function loudest(frame: Float32Array, coefficients: readonly number[]): { at: number; energy: number } {
  let found = { at: 0, energy: 0 };
  coefficients.forEach((coefficient, at) => {
    let before = 0;
    let beforeThat = 0;
    for (const sample of frame) {
      const now = sample + coefficient * before - beforeThat;
      beforeThat = before;
      before = now;
    }
    const power = before * before + beforeThat * beforeThat - coefficient * before * beforeThat;
    // A sine of energy 1 by sample gives half the number of samples, times their number.
    const energy = (2 * power) / FRAME_SAMPLES;
    if (energy > found.energy) found = { at, energy };
  });
  return found;
}
