/**
 * Voices and faces for fake devices, each to be told from all others at the far end: a tone of its own, and a
 * picture whose bars spell a number. Files are made once a run, in a folder that the run removes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Somebody to be recognised by ear and by eye. */
export interface Persona {
  name: string;
  /** The voice's pitch in Hz. */
  tone: number;
  /** What the picture spells: 0 to 255. */
  code: number;
}

/** No tone is near a harmonic of another; no code is another one shifted or inverted. */
export const personas = [
  { name: 'Ana', tone: 440, code: 0b1011_0010 },
  { name: 'Bruno', tone: 620, code: 0b1100_1010 },
  { name: 'Carla', tone: 810, code: 0b1110_0100 },
  { name: 'Diego', tone: 1030, code: 0b1001_1100 },
  { name: 'Elena', tone: 1270, code: 0b1101_0110 },
  { name: 'Felipe', tone: 1550, code: 0b1010_1110 },
] as const satisfies Persona[];

export const BARS = 8;

const SAMPLE_RATE = 48_000;
const VOICE_SECONDS = 2;
/** How often a second the voice rises and falls: what never changes would be taken for noise, and removed. */
const SYLLABLES = 4;

/** Small, so that a machine carries several browsers. Clients make two layers of it; of 1280 x 720, three. */
const SIZE = { width: 640, height: 360 };
/** Few, so that a machine carries several browsers. */
const FRAMES_PER_SECOND = 5;
const FRAMES = 10;
/** The lowest part of the picture holds a square that wanders, so that a picture that stands still is noticed. */
const STRIP = 40;

let folder: string | null = null;
const made = new Map<string, Promise<string>>();

/** A WAV file that can be repeated without a seam. @returns its path */
export function makeVoice({ tone }: Persona): Promise<string> {
  return once(`voice-${tone}.wav`, () => wav(tone));
}

/** A Y4M file with the persona's bars. @returns its path */
export function makeFace({ code }: Persona, { width, height } = SIZE): Promise<string> {
  return once(`face-${code}-${width}x${height}.y4m`, () => y4m(code, width, height));
}

function once(name: string, make: () => Buffer): Promise<string> {
  let path = made.get(name);
  if (!path) {
    path = write(name, make());
    made.set(name, path);
  }
  return path;
}

async function write(name: string, content: Buffer): Promise<string> {
  if (folder === null) {
    const created = mkdtempSync(join(tmpdir(), 'tertulia-devices-'));
    process.on('exit', () => rmSync(created, { recursive: true, force: true }));
    folder = created;
  }
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function wav(tone: number): Buffer {
  const samples = SAMPLE_RATE * VOICE_SECONDS;
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1) {
    const t = i / SAMPLE_RATE;
    const syllable = 0.55 - 0.45 * Math.cos(2 * Math.PI * SYLLABLES * t);
    const value = 0.5 * syllable * Math.sin(2 * Math.PI * tone * t);
    file.writeInt16LE(Math.round(value * 32_767), 44 + i * 2);
  }
  return file;
}

function y4m(code: number, width: number, height: number): Buffer {
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
  const frames: Buffer[] = [head];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    frames.push(Buffer.from('FRAME\n'), picture(code, width, height, frame));
  }
  return Buffer.concat(frames);
}

/** One I420 picture: bright bars for ones, dark ones for zeros, a wandering square below, a colour over all. */
function picture(code: number, width: number, height: number, frame: number): Buffer {
  const luma = Buffer.alloc(width * height, 40);
  const strip = Math.round((height * STRIP) / SIZE.height);
  for (let bar = 0; bar < BARS; bar += 1) {
    const isOne = ((code >> (BARS - 1 - bar)) & 1) === 1;
    const [left, right] = [bar, bar + 1].map((edge) => Math.round((edge * width) / BARS)) as [number, number];
    for (let y = 0; y < height - strip; y += 1)
      luma.fill(isOne ? 200 : 40, y * width + left, y * width + right);
  }
  const left = Math.round((frame * (width - strip)) / FRAMES);
  for (let y = height - strip; y < height; y += 1) luma.fill(220, y * width + left, y * width + left + strip);
  const quarter = (width / 2) * (height / 2);
  const blue = Buffer.alloc(quarter, 96 + (code & 0x3f));
  const red = Buffer.alloc(quarter, 96 + ((code >> 2) & 0x3f));
  return Buffer.concat([luma, blue, red]);
}
