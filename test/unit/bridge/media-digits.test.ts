import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DigitReceiver, DigitSender } from '../../../server/bridge/media/dtmf.ts';
import { InbandDigits } from '../../../server/bridge/media/inband.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../../../server/bridge/media/sound.ts';
import { ToneGenerator } from '../../helpers/sound.ts';

const DIGITS = '0123456789*#ABCD';
const digits = fc
  .array(fc.constantFrom(...Array.from(DIGITS)), { minLength: 1, maxLength: 12 })
  .map((keys) => keys.join(''));

interface Sent {
  timestamp: number;
  marker: boolean;
  payload: Buffer;
  at: number;
}

function sentFor(keys: string): Sent[] {
  const sender = new DigitSender(8_000);
  sender.send(keys);
  const sent: Sent[] = [];
  for (let frame = 0; sender.busy; frame += 1) {
    const event = sender.next();
    if (!event) continue;
    const timestamp = (0xffff_fe00 + (frame - event.frame) * 160) >>> 0;
    sent.push({ timestamp, marker: event.marker, payload: event.payload, at: frame * FRAME_MS });
  }
  return sent;
}

function heardIn(sent: readonly Sent[]): string {
  const receiver = new DigitReceiver();
  return sent.map((packet) => receiver.receive(packet, packet.at) ?? '').join('');
}

describe('telephone events', () => {
  test('are heard as they were sent', () => {
    fc.assert(
      fc.property(digits, (keys) => {
        expect(heardIn(sentFor(keys))).toBe(keys);
      }),
    );
  });

  test('are heard once each, whatever is lost, doubled and late, while one packet of each comes', () => {
    fc.assert(
      fc.property(digits, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (keys, chance) => {
        const sent = sentFor(keys);
        const seen = new Set<number>();
        const arrived = sent.flatMap((packet, at) => {
          const isLastChance = !seen.has(packet.timestamp) && sent[at + 1]?.timestamp !== packet.timestamp;
          const luck = chance.next().value as number;
          if (luck < 0.4 && !isLastChance) return [];
          seen.add(packet.timestamp);
          return luck > 0.8 ? [packet, { ...packet, at: packet.at + 30 }] : [packet];
        });
        expect(heardIn(arrived.toSorted((a, b) => a.at - b.at))).toBe(keys);
      }),
    );
  });

  test('are one digit when a phone gives each packet a timestamp of its own', () => {
    const sent = sentFor('7').map((packet, at) => ({
      ...packet,
      timestamp: (packet.timestamp + at * 160) >>> 0,
    }));
    expect(heardIn(sent.slice(0, 6))).toBe('7');
  });

  test('are heard again soon after one with a timestamp that is far ahead, though keys come without a pause', () => {
    const ahead = { timestamp: 0x3fff_0000, marker: true, payload: Buffer.from([0, 10, 0, 160]), at: 0 };
    const after = sentFor('7'.repeat(20)).map((packet) => ({ ...packet, at: packet.at + 20 }));
    expect(heardIn([ahead, ...after])).toMatch(/^07{8,}$/);
  });

  test('that are none are nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const packet = { timestamp: 1, marker: false, payload: Buffer.from(bytes) };
        const digit = new DigitReceiver().receive(packet, 0);
        expect(digit === null || (bytes.length >= 4 && DIGITS[bytes[0]!] === digit)).toBe(true);
      }),
    );
  });
});

describe('digits as sound', () => {
  const ROWS = [697, 770, 852, 941];
  const COLUMNS = [1_209, 1_336, 1_477, 1_633];
  const KEYS = ['123A', '456B', '789C', '*0#D'];

  function hear(
    sound: (frame: Float32Array, index: number) => void,
    frames: number,
    ears: InbandDigits,
  ): string {
    return Array.from({ length: frames }, (_, index) => {
      const frame = new Float32Array(FRAME_SAMPLES);
      sound(frame, index);
      return ears.hear(frame) ?? '';
    }).join('');
  }

  test('are heard, each once, with pauses between', () => {
    const ears = new InbandDigits();
    const all = KEYS.flatMap((keys, row) =>
      Array.from(keys).map((key, column) => {
        const tones = [new ToneGenerator(ROWS[row]!, 0.2), new ToneGenerator(COLUMNS[column]!, 0.15)];
        const heard = hear((frame) => tones.forEach((one) => one.addTo(frame)), 5, ears);
        hear(() => undefined, 4, ears);
        return { key, heard };
      }),
    );
    for (const { key, heard } of all) expect(heard).toBe(key);
  });

  test('are not heard in one tone, in noise, or in many tones', () => {
    const ears = new InbandDigits();
    const lone = new ToneGenerator(697, 0.3);
    expect(hear((frame) => lone.addTo(frame), 20, ears)).toBe('');
    expect(hear((frame) => frame.forEach((_, i) => (frame[i] = Math.sin(i * i) * 0.3)), 20, ears)).toBe('');
    const chord = [440, 554, 659, 697, 1_209, 1_318].map((tone) => new ToneGenerator(tone, 0.1));
    expect(hear((frame) => chord.forEach((one) => one.addTo(frame)), 20, ears)).toBe('');
  });
});
