/**
 * Between the 8 kHz of telephones and the 16 kHz of the mix. Both ways by one half-band filter, of which every
 * other coefficient is zero: what G.711 can not carry, above 4 kHz, is 50 dB down, and nothing folds back.
 */

/** Coefficients on each side of the middle that are not zero. More: steeper, and more work and delay. */
const SIDE = 12;
const TAPS = 2 * SIDE;

/** The half-band's odd coefficients, oldest sample first, for inputs at the low rate; their sum is 1. */
const COEFFICIENTS = halfBand();

function halfBand(): Float32Array {
  const taps = Float64Array.from({ length: TAPS }, (_, i) => {
    // Distance from the middle in samples of the high rate: odd numbers only.
    const distance = 2 * i + 1 - TAPS;
    const sinc = Math.sin((Math.PI * distance) / 2) / ((Math.PI * distance) / 2);
    const phase = Math.PI * (distance / (TAPS + 1) + 1);
    // Blackman's window.
    return sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(taps, (tap) => tap / sum);
}

/** 8 kHz to 16 kHz; 1.5 ms late. */
export class Upsampler {
  /** The samples before these, then these. */
  #line: Float32Array = new Float32Array(TAPS + 160);
  #out = new Float32Array(320);

  /** @returns twice as many samples; a view, until the next call */
  process(samples: Float32Array): Float32Array {
    const count = samples.length;
    if (this.#line.length < TAPS + count) this.#line = grown(this.#line, TAPS + count);
    if (this.#out.length < 2 * count) this.#out = new Float32Array(2 * count);
    const line = this.#line;
    const out = this.#out;
    line.set(samples, TAPS);
    for (let i = 0; i < count; i += 1) {
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap += 1) sum += (COEFFICIENTS[tap] ?? 0) * (line[i + 1 + tap] ?? 0);
      out[2 * i] = line[i + SIDE] ?? 0;
      out[2 * i + 1] = sum;
    }
    line.copyWithin(0, count, count + TAPS);
    return out.subarray(0, 2 * count);
  }
}

/** 16 kHz to 8 kHz; 1.5 ms late. Takes even numbers of samples. */
export class Downsampler {
  /** Even samples are only delayed, odd ones are filtered. */
  #even: Float32Array = new Float32Array(TAPS + 160);
  #odd: Float32Array = new Float32Array(TAPS + 160);
  #out = new Float32Array(160);

  /** @returns half as many samples; a view, until the next call */
  process(samples: Float32Array): Float32Array {
    const count = samples.length >> 1;
    if (this.#even.length < TAPS + count) {
      this.#even = grown(this.#even, TAPS + count);
      this.#odd = grown(this.#odd, TAPS + count);
    }
    if (this.#out.length < count) this.#out = new Float32Array(count);
    const even = this.#even;
    const odd = this.#odd;
    const out = this.#out;
    for (let i = 0; i < count; i += 1) {
      even[TAPS + i] = samples[2 * i] ?? 0;
      odd[TAPS + i] = samples[2 * i + 1] ?? 0;
    }
    for (let i = 0; i < count; i += 1) {
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap += 1) sum += (COEFFICIENTS[tap] ?? 0) * (odd[i + tap] ?? 0);
      out[i] = 0.5 * ((even[i + SIDE] ?? 0) + sum);
    }
    even.copyWithin(0, count, count + TAPS);
    odd.copyWithin(0, count, count + TAPS);
    return out.subarray(0, count);
  }
}

function grown(line: Float32Array, length: number): Float32Array {
  const larger = new Float32Array(length);
  larger.set(line);
  return larger;
}
