/** Keeps voices alike in loudness and the sum of them within bounds. Pure. */
import { FRAME_SAMPLES, decibelsToFactor } from './sound.ts';

/** What a voice is brought to, in -dBov: between a shy phone (-35) and a shouting one (-10). */
const WANTED_LEVEL = 22;
/** Softer than this, in -dBov, it is no voice, and nothing is to be learnt from it. */
const QUIET_LEVEL = 50;
/** How much is done at most, in dB. Higher: hears the far corner, and the noise there. */
const MOST_GAIN = 12;
const MOST_CUT = 10;
/** How fast, in dB a frame: 2.5 dB a second up, 25 down. Faster: it pumps. */
const UP = 0.05;
const DOWN = 0.5;
/** A voice that is this near to the wanted level, in dB, is left alone. */
const GOOD_ENOUGH = 3;

/** Gentle automatic gain of one voice. */
export class AutomaticGain {
  #decibels = 0;
  #factor = 1;

  /** @param level of the frame before it is changed, in -dBov */
  apply(frame: Float32Array, level: number): void {
    if (level < QUIET_LEVEL) {
      const wanted = level - WANTED_LEVEL;
      const off = wanted - this.#decibels;
      if (off > GOOD_ENOUGH) this.#decibels = Math.min(MOST_GAIN, this.#decibels + UP);
      else if (off < -GOOD_ENOUGH) this.#decibels = Math.max(-MOST_CUT, this.#decibels - DOWN);
    }
    const next = decibelsToFactor(this.#decibels);
    ramp(frame, this.#factor, next);
    this.#factor = next;
  }
}

/** Where the sum of several voices is bent back: -1.5 dBov. */
const CEILING = 0.84;
/** How much of the way back to full gain is gone in a frame. Higher: it pumps. */
const RECOVERY = 0.15;

/** Turns a sum that is too loud down before it clips, at once, and up again softly. */
export class Limiter {
  #factor = 1;

  apply(frame: Float32Array): void {
    let peak = 0;
    for (const sample of frame) peak = Math.max(peak, Math.abs(sample));
    const allowed = peak > CEILING ? CEILING / peak : 1;
    const next = Math.min(allowed, this.#factor + (1 - this.#factor) * RECOVERY);
    if (next === 1 && this.#factor === 1) return;
    // The ramp begins where the frame before ended, so its first peaks may be above: they are bent, not cut.
    ramp(frame, this.#factor, next);
    if (peak * this.#factor > CEILING) bend(frame);
    this.#factor = next;
  }
}

function bend(frame: Float32Array): void {
  for (let i = 0; i < frame.length; i += 1) {
    const sample = frame[i] ?? 0;
    const over = Math.abs(sample) - CEILING;
    if (over <= 0) continue;
    const bent = CEILING + (1 - CEILING) * Math.tanh(over / (1 - CEILING));
    frame[i] = Math.sign(sample) * bent;
  }
}

function ramp(frame: Float32Array, from: number, to: number): void {
  if (from === 1 && to === 1) return;
  const step = (to - from) / frame.length;
  for (let i = 0; i < frame.length; i += 1) frame[i] = (frame[i] ?? 0) * (from + step * (i + 1));
}

/** Softer than this, in -dBov, there is nothing worth sending. Higher: soft voices are cut off less. */
const GATE_LEVEL = 58;
/** Frames that are still sent after the last loud one: 400 ms, so that no word loses its end. */
const HANG_OVER = 20;

/** Says whether a voice is worth encoding: cheaper than to let the encoder find out (DTX). */
export class Gate {
  #left = 0;

  /** @param level of this frame, in -dBov */
  isOpen(level: number): boolean {
    this.#left = level < GATE_LEVEL ? HANG_OVER : Math.max(0, this.#left - 1);
    return this.#left > 0;
  }
}

/** Noise so soft that it only tells that the line is not dead: -68 dBov. */
const NOISE_DECIBELS = -68;
const NOISE_FRAMES = 64;

/** Comfort noise: one second of it, made once, and given out from changing places. */
export class ComfortNoise {
  readonly #samples: Float32Array;
  #at = 0;

  constructor() {
    const amplitude = decibelsToFactor(NOISE_DECIBELS) * Math.sqrt(3);
    let before = 0;
    this.#samples = Float32Array.from({ length: NOISE_FRAMES * FRAME_SAMPLES }, () => {
      // Some of the highs are taken off, which pleases the ear.
      before = 0.5 * before + (2 * Math.random() - 1) * amplitude;
      return before;
    });
  }

  addTo(frame: Float32Array): void {
    const from = this.#at * FRAME_SAMPLES;
    for (let i = 0; i < frame.length; i += 1) frame[i] = (frame[i] ?? 0) + (this.#samples[from + i] ?? 0);
    this.#at = (this.#at + 1) % NOISE_FRAMES;
  }
}
