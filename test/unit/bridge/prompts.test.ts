import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { languages, textsOf } from '../../../server/bridge/prompts/catalogue.ts';
import { digitByDigit, peopleHere } from '../../../server/bridge/prompts/numbers.ts';

const FOLDER = new URL('../../../server/bridge/prompts/', import.meta.url);

interface Sound {
  /** Audio format (1 is PCM), channels, samples a second, bits a sample. */
  format: number[];
  samples: Int16Array;
}

/** Reads a WAV file of the plainest form: one format chunk, then the samples. */
function soundOf(file: Buffer): Sound {
  expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
  expect(file.toString('latin1', 36, 40)).toBe('data');
  const format = [file.readUInt16LE(20), file.readUInt16LE(22), file.readUInt32LE(24), file.readUInt16LE(34)];
  const count = file.readUInt32LE(40) / 2;
  return { format, samples: Int16Array.from({ length: count }, (_, at) => file.readInt16LE(44 + 2 * at)) };
}

/** In dB of full scale. */
const decibels = (part: number): number => 20 * Math.log10(part / 32_768);
const rms = (samples: Int16Array): number =>
  decibels(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));

describe.each(languages)('the prompts in %s', (language) => {
  const texts = textsOf(language);
  const sounds = new Map<string, Sound>();

  beforeAll(async () => {
    for (const id of texts.keys())
      sounds.set(id, soundOf(await readFile(new URL(`${language}/${id}.wav`, FOLDER))));
  });

  it('are files, one for each text and no others', async () => {
    const files = await readdir(new URL(language, FOLDER));
    expect(files.sort()).toEqual([...texts.keys()].map((id) => `${id}.wav`).sort());
  });

  it('say what the catalogue says', async () => {
    const spoken: unknown = JSON.parse(await readFile(new URL('spoken.json', FOLDER), 'utf8'));
    const ours = Object.fromEntries([...texts].map(([id, text]) => [`${language}/${id}`, text]));
    expect(spoken, 'run server/bridge/prompts/make.ts').toMatchObject(ours);
  });

  it('are 16 kHz, mono, 16 bits', () => {
    for (const [id, { format }] of sounds) expect(format, id).toEqual([1, 1, 16_000, 16]);
  });

  it('are equally loud, nowhere at full scale, and of a length to listen to', () => {
    for (const [id, { samples }] of sounds) {
      expect(rms(samples), id).toBeGreaterThan(-26);
      expect(rms(samples), id).toBeLessThan(-18);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(decibels(peak), id).toBeLessThan(-1);
      const seconds = samples.length / 16_000;
      expect(seconds, id).toBeGreaterThan(0.25);
      expect(seconds, id).toBeLessThan(15);
    }
  });

  it('begin at once', () => {
    for (const [id, { samples }] of sounds) expect(rms(samples.subarray(0, 4_000)), id).toBeGreaterThan(-40);
  });

  it('can say every number of people, and every room number', () => {
    for (let count = 0; count <= 300; count += 1)
      for (const id of peopleHere(count)) expect(texts.has(id), id).toBe(true);
    for (const id of digitByDigit('0123456789')) expect(texts.has(id), id).toBe(true);
  });
});

describe('numbers', () => {
  it('are said as one says them', () => {
    const spoken = (language: 'en' | 'es', count: number): string =>
      peopleHere(count)
        .slice(1)
        .map((id) => textsOf(language).get(id))
        .join(' ');
    expect([2, 21, 30, 47, 99, 100].map((count) => spoken('en', count))).toEqual([
      ...['two', 'twenty-one', 'thirty', 'forty seven', 'ninety nine', 'more than ninety-nine.'],
    ]);
    expect([2, 21, 30, 47, 99, 100].map((count) => spoken('es', count))).toEqual([
      ...['dos', 'veintiuno', 'treinta', 'cuarenta y siete', 'noventa y nueve', 'más de noventa y nueve.'],
    ]);
  });

  it('are read digit by digit', () => {
    expect(digitByDigit('907*')).toEqual(['number-9', 'number-0', 'number-7']);
  });
});
