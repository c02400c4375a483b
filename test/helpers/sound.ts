/** Tones at the 16 kHz of the bridge's mix. */

const SAMPLE_RATE = 16_000;

/** A sine that goes on from frame to frame. */
export class ToneGenerator {
  readonly #frequency: number;
  readonly #amplitude: number;
  #at = 0;

  constructor(frequency: number, amplitude = 0.2) {
    this.#frequency = frequency;
    this.#amplitude = amplitude;
  }

  addTo(frame: Float32Array): void {
    for (let i = 0; i < frame.length; i += 1, this.#at += 1) {
      frame[i] =
        frame[i]! + this.#amplitude * Math.sin((2 * Math.PI * this.#frequency * this.#at) / SAMPLE_RATE);
    }
  }
}

/** A tone of so many samples. */
export function tone(frequency: number, samples: number, amplitude = 0.2): Float32Array {
  const made = new Float32Array(samples);
  new ToneGenerator(frequency, amplitude).addTo(made);
  return made;
}
