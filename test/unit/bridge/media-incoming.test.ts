import { beforeEach, describe, expect, test } from 'vitest';
import type { Agreement } from '../../../server/bridge/leg/negotiation.ts';
import { openDecoder } from '../../../server/bridge/media/codec.ts';
import { Incoming } from '../../../server/bridge/media/incoming.ts';
import { writeRtp } from '../../../server/bridge/media/rtp.ts';
import { Voice } from '../../../server/bridge/media/voice.ts';

const AGREEMENT: Agreement = {
  codec: 'PCMU',
  payloadType: 0,
  receivedPayloadType: 0,
  digits: { payloadType: 101, clockRate: 8_000 },
  digitPayloadTypes: [101],
  comfortNoise: 13,
  levelExtensionId: null,
  direction: 'sendrecv',
};

let told: string[];
let incoming: Incoming;

async function agree(changes: Partial<Agreement> = {}, now = 0): Promise<void> {
  const [meter, decoder] = await Promise.all([openDecoder('PCMU'), openDecoder('PCMU')]);
  incoming.agree({ ...AGREEMENT, ...changes }, { meter, voice: new Voice(decoder) }, now);
}

function packet(
  sequence: number,
  payloadType = 0,
  payload: Uint8Array = new Uint8Array(160).fill(0x20),
): Buffer {
  return writeRtp({ payloadType, sequence, timestamp: sequence * 160, ssrc: 1, marker: false }, payload);
}

beforeEach(() => {
  told = [];
  incoming = new Incoming({
    onDigit: (digit) => void told.push(`digit ${digit}`),
    onVoice: (_, level) => void told.push(`voice ${level < 20 ? 'loud' : 'soft'}`),
    onArrived: () => void told.push('arrived'),
    onLost: () => void told.push('lost'),
  });
});

describe('what a phone sends', () => {
  test('is told apart: voice, digits, noise, and what was not agreed on', async () => {
    await agree();
    incoming.receive(packet(1), 0);
    incoming.receive(packet(2, 101, Buffer.from([5, 0, 0, 160])), 20);
    incoming.receive(packet(3, 13, Buffer.from([60])), 40);
    incoming.receive(packet(4, 8), 60);
    incoming.receive(Buffer.from('nonsense'), 80);
    expect(told).toEqual(['arrived', 'voice loud', 'digit 5']);
    expect(incoming.reception.packetsReceived).toBe(3);
  });

  test.each(['recvonly', 'sendonly', 'inactive'] as const)(
    'is not heard while we are %s',
    async (direction) => {
      await agree({ direction });
      incoming.receive(packet(1), 0);
      expect(told).toEqual(['arrived']);
    },
  );

  test('is missed when nothing came for 30 s, once, and told when it comes again', async () => {
    await agree();
    incoming.receive(packet(1), 1_000);
    incoming.check(30_900);
    expect(told).not.toContain('lost');
    incoming.check(31_100);
    incoming.check(99_000);
    expect(told.filter((one) => one === 'lost')).toHaveLength(1);
    incoming.receive(packet(2), 100_000);
    expect(told.filter((one) => one === 'arrived')).toHaveLength(2);
  });

  test('is missed when it never came', async () => {
    await agree({}, 5_000);
    incoming.check(34_000);
    expect(told).toEqual([]);
    incoming.check(35_001);
    expect(told).toEqual(['lost']);
  });

  test('is not missed while it is held, nor while its reports come', async () => {
    await agree({ direction: 'recvonly' });
    incoming.check(100_000);
    await agree({}, 100_000);
    incoming.receive(packet(1), 100_000);
    for (let now = 110_000; now < 200_000; now += 5_000) {
      incoming.receiveReport(now);
      incoming.check(now);
    }
    expect(told).not.toContain('lost');
  });
});
