/** Prompts: read once, kept, and played one after the other; and the short tones that are made here. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MediaError } from './protocol.ts';
import { FRAME_SAMPLES, SAMPLE_RATE } from './sound.ts';

/** The prompts in a folder, by name: `en/welcome` is in `en/welcome.wav`. */
export class PromptShelf {
  readonly #folder: string;
  readonly #kept = new Map<string, Promise<Float32Array>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws MediaError `unknown-prompt` when there is none, or when it is not 16 kHz, 16 bit, mono */
  get(name: string): Promise<Float32Array> {
    const kept = this.#kept.get(name);
    if (kept) return kept;
    const reading = this.#read(name);
    this.#kept.set(name, reading);
    // A file that was not there may be there next time.
    reading.catch(() => this.#kept.delete(name));
    return reading;
  }

  async #read(name: string): Promise<Float32Array> {
    try {
      return samplesOf(await readFile(path.join(this.#folder, `${name}.wav`)));
    } catch (error) {
      throw new MediaError('unknown-prompt', `Prompt ${name}: ${String(error)}`);
    }
  }
}

/** The samples of a WAV file. @throws Error when it is not 16 kHz, 16 bit, mono */
export function samplesOf(file: Buffer): Float32Array {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('It is no WAV file.');
  }
  let isFormat = false;
  for (let at = 12; at + 8 <= file.length;) {
    const chunk = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const from = at + 8;
    if (chunk === 'fmt ' && size >= 16 && from + 16 <= file.length) {
      isFormat =
        file.readUInt16LE(from) === 1 &&
        file.readUInt16LE(from + 2) === 1 &&
        file.readUInt32LE(from + 4) === SAMPLE_RATE &&
        file.readUInt16LE(from + 14) === 16;
    }
    if (chunk === 'data') {
      if (!isFormat) break;
      const count = Math.min(size, file.length - from) >> 1;
      return Float32Array.from({ length: count }, (_, i) => file.readInt16LE(from + 2 * i) / 32_768);
    }
    at = from + size + (size % 2);
  }
  throw new Error('It is no 16 kHz, 16 bit, mono sound.');
}

/** One call's playing: a list of sounds, once or for ever. */
export class Playing {
  readonly id: number;
  readonly #sounds: readonly Float32Array[];
  readonly #loop: boolean;
  #sound = 0;
  #at = 0;

  constructor(id: number, sounds: readonly Float32Array[], loop: boolean) {
    this.id = id;
    this.#sounds = sounds;
    this.#loop = loop && sounds.some(({ length }) => length > 0);
  }

  /** Adds the next 20 ms to a frame. @returns whether there is more */
  addTo(frame: Float32Array): boolean {
    for (let i = 0; i < FRAME_SAMPLES;) {
      const sound = this.#sounds[this.#sound];
      if (!sound) {
        if (!this.#loop) return false;
        this.#sound = 0;
        continue;
      }
      const count = Math.min(FRAME_SAMPLES - i, sound.length - this.#at);
      for (let j = 0; j < count; j += 1) frame[i + j] = (frame[i + j] ?? 0) + (sound[this.#at + j] ?? 0);
      i += count;
      this.#at += count;
      if (this.#at >= sound.length) {
        this.#at = 0;
        this.#sound += 1;
      }
    }
    return this.#loop || this.#sound < this.#sounds.length;
  }
}

export type ToneName = 'join' | 'leave' | 'beep';

const AMPLITUDE = 0.12;
const NOTE_MS = 110;

/** Two notes up for who comes, down for who goes; soft, as they come in the middle of talk. */
export const TONES: Record<ToneName, Float32Array> = {
  join: notes(523, 784),
  leave: notes(784, 523),
  beep: notes(880),
};

function notes(...frequencies: number[]): Float32Array {
  const samples = (SAMPLE_RATE * NOTE_MS) / 1_000;
  return Float32Array.from({ length: samples * frequencies.length }, (_, i) => {
    const frequency = frequencies[Math.floor(i / samples)] ?? 0;
    // Each note comes and goes softly.
    const envelope = Math.sin((Math.PI * (i % samples)) / samples);
    return AMPLITUDE * envelope * Math.sin((2 * Math.PI * frequency * i) / SAMPLE_RATE);
  });
}
