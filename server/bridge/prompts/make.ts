/**
 * The recipe of the prompts: speaks every text of the catalogue into a file beside this one. Run it after changing a
 * text, on a Debian system:
 *
 *     apt-get install sox libttspico-utils
 *     node server/bridge/prompts/make.ts      (Node 24 or newer)
 *
 * The synthesiser is SVOX Pico, by its pico2wave: under the Apache licence, small, the same on every machine, and much
 * more like a person than the others that Debian has for both languages. espeak-ng is hard to understand on a narrow
 * telephone line, flite and festival have no comparable Spanish voice, and MBROLA's voices are not for commercial use.
 * Debian keeps Pico in its section `non-free`, as its voices come without sources; nothing of it is in the files.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Language, languages, textsOf } from './catalogue.ts';

const run = promisify(execFile);

/** Each voice, and how fast it speaks in percent of its own pace, which is that of dictation. Faster: digits blur. */
const VOICES = {
  en: { name: 'en-US', speed: 108 },
  es: { name: 'es-ES', speed: 118 },
} as const satisfies Record<Language, { name: string; speed: number }>;

/** RMS of each prompt, in dBFS: as loud as a person in the room. Louder: peaks are flattened. */
const LEVEL_DBFS = -21;
/** Sound below this part of full scale, at the ends, is silence and is cut off. Higher: an f or s goes too, and "five" is "I". */
const SILENCE = '0.05%';
/** The longest pause within a prompt, in s: the synthesiser's own ones make a caller wait. */
const PAUSE = '0.2';
/** Silence before and after, in s: without it, prompts that follow each other run into one. */
const PADDING = ['0.03', '0.12'];
/** Hz. What is below is not carried by telephones, and only takes room from the voice. */
const LOWEST_HZ = '120';

/** Speaks a text into a WAV file: 16 kHz, mono, 16 bits, without silent ends, all equally loud. */
async function make(text: string, language: Language, file: string, folder: string): Promise<void> {
  const spoken = join(folder, 'spoken.wav');
  const trimmed = join(folder, 'trimmed.wav');
  const cutStart = ['silence', '1', '0.01', SILENCE];
  const { name, speed } = VOICES[language];
  const speech = `<speed level="${speed}">${text}</speed>`;
  await run('pico2wave', [`--lang=${name}`, `--wave=${spoken}`, speech]);
  // Without dither (-D), the same text gives the same file.
  const shortenPauses = ['silence', '-l', '1', '0.01', SILENCE, '-1', PAUSE, SILENCE];
  const cut = [...cutStart, 'reverse', ...cutStart, 'reverse', ...shortenPauses];
  await run('sox', ['-D', spoken, trimmed, 'highpass', LOWEST_HZ, ...cut]);
  const gain = LEVEL_DBFS - (await levelOf(trimmed));
  const format = ['-r', '16000', '-c', '1', '-b', '16'];
  await run('sox', ['-D', trimmed, ...format, file, 'gain', '-l', gain.toFixed(1), 'pad', ...PADDING]);
}

/** RMS level of a file in dBFS. */
async function levelOf(file: string): Promise<number> {
  const { stderr } = await run('sox', [file, '-n', 'stats']);
  const level = /^RMS lev dB\s+(\S+)/m.exec(stderr)?.[1];
  if (level === undefined) throw new Error(`sox tells no level of ${file}`);
  return Number(level);
}

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'prompts-'));
const made: Record<string, string> = {};
try {
  for (const language of languages) {
    await rm(join(here, language), { recursive: true, force: true });
    await mkdir(join(here, language));
    for (const [id, text] of textsOf(language)) {
      const prompt = `${language}/${id}`;
      await make(text, language, join(here, `${prompt}.wav`), folder);
      made[prompt] = text;
    }
  }
  // What the files say, so that a test can tell a text that was changed without running this.
  await writeFile(join(here, 'spoken.json'), `${JSON.stringify(made, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}
