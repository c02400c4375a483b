/** Digits as sound, as a telephone sends them that knows no other way. */
import { writeFile } from 'node:fs/promises';

/** Of the rows and columns of a keypad, in Hz (ITU-T Q.23). */
const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477] as const;
const KEYPAD = ['123', '456', '789', '*0#'] as const;

const SAMPLE_RATE = 48_000;
const CHANNELS = 2;
const TONE_SECONDS = 0.15;
const PAUSE_SECONDS = 0.15;
/** Of each of the two tones: full scale is 1. */
const AMPLITUDE = 0.25;

/** Writes a WAV file in the form in which baresip is configured to play. */
export async function writeDigits(path: string, digits: string): Promise<void> {
  const perTone = SAMPLE_RATE * TONE_SECONDS;
  const perDigit = perTone + SAMPLE_RATE * PAUSE_SECONDS;
  const samples = new Int16Array(CHANNELS * perDigit * digits.length);
  for (const [index, digit] of Array.from(digits).entries()) {
    const [low, high] = tonesOf(digit);
    for (let i = 0; i < perTone; i += 1) {
      const angle = (2 * Math.PI * i) / SAMPLE_RATE;
      const value = AMPLITUDE * (Math.sin(low * angle) + Math.sin(high * angle));
      const at = CHANNELS * (index * perDigit + i);
      samples.fill(Math.round(32_767 * value), at, at + CHANNELS);
    }
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(CHANNELS, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2 * CHANNELS, 28);
  header.writeUInt16LE(2 * CHANNELS, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  await writeFile(path, Buffer.concat([header, Buffer.from(samples.buffer)]));
}

function tonesOf(digit: string): [number, number] {
  const row = KEYPAD.findIndex((keys) => keys.includes(digit));
  const low = ROWS[row];
  const high = COLUMNS[KEYPAD[row]?.indexOf(digit) ?? -1];
  if (low === undefined || high === undefined) throw new Error(`${digit} is on no keypad.`);
  return [low, high];
}
