/** What of a tone is in a sound. */

/**
 * The level of one tone, by Goertzel's algorithm.
 * @param samples between -1 and 1
 * @returns dB; 0 for a sine of full scale, -120 for silence
 */
export function levelOf(tone: number, samples: Float32Array, sampleRate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * tone) / sampleRate);
  let [before, last] = [0, 0];
  for (const sample of samples) [before, last] = [last, sample + coefficient * last - before];
  const power = before * before + last * last - coefficient * before * last;
  const amplitude = (2 * Math.sqrt(Math.max(power, 0))) / Math.max(samples.length, 1);
  return 20 * Math.log10(Math.max(amplitude, 1e-6));
}

/**
 * The levels of a tone in each 20 ms, lowest first: what is stretched keeps its pitch, but not its phase, so that no
 * longer time would tell.
 */
export function levelsOf(tone: number, samples: Float32Array, sampleRate: number): number[] {
  const frame = sampleRate / 50;
  return Array.from({ length: Math.floor(samples.length / frame) }, (_, i) =>
    levelOf(tone, samples.subarray(i * frame, (i + 1) * frame), sampleRate),
  ).sort((one, other) => one - other);
}

/** The level of everything together, in dB; 0 for a sine of full scale, -120 for silence. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const amplitude = Math.sqrt((2 * sum) / Math.max(samples.length, 1));
  return 20 * Math.log10(Math.max(amplitude, 1e-6));
}
