import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RtpPacket } from 'werift-rtp';
import { readReport, writeReport } from '../../../server/bridge/media/rtcp.ts';
import { Reception } from '../../../server/bridge/media/reception.ts';
import {
  readRtp,
  sequenceAfter,
  timestampAfter,
  writeRtp,
  writeRtpWithLevel,
} from '../../../server/bridge/media/rtp.ts';
import { EncodedUplink, PassedUplink } from '../../../server/bridge/media/uplink.ts';
import { openEncoder } from '../../../server/bridge/media/codec.ts';
import { openOpusDecoder, openTelephoneEncoder } from '../../../server/bridge/media/opus.ts';
import { FRAME_SAMPLES, levelOf } from '../../../server/bridge/media/sound.ts';
import { random } from '../../helpers/random.ts';
import { tone } from '../../helpers/sound.ts';

const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const header = fc.record({
  payloadType: fc.integer({ min: 0, max: 127 }),
  sequence: uint16,
  timestamp: uint32,
  ssrc: uint32,
  marker: fc.boolean(),
});
const level = fc.integer({ min: 0, max: 127 });
const id = fc.integer({ min: 1, max: 14 });

describe('RTP packets', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(
        header,
        fc.uint8Array({ maxLength: 300 }),
        level,
        id,
        (fields, payload, loud, extension) => {
          const plain = readRtp(writeRtp(fields, payload), extension);
          expect(plain).toEqual({ ...fields, level: null, payload: Buffer.from(payload) });
          const told = readRtp(writeRtpWithLevel(fields, payload, extension, loud), extension);
          expect(told).toEqual({ ...fields, level: loud, payload: Buffer.from(payload) });
        },
      ),
    );
  });

  test('are read as another library reads them', () => {
    fc.assert(
      fc.property(
        header,
        fc.uint8Array({ maxLength: 300 }),
        level,
        id,
        (fields, payload, loud, extension) => {
          const { header: theirs, payload: rest } = RtpPacket.deSerialize(
            writeRtpWithLevel(fields, payload, extension, loud),
          );
          expect(theirs).toMatchObject({
            payloadType: fields.payloadType,
            sequenceNumber: fields.sequence,
            timestamp: fields.timestamp,
            ssrc: fields.ssrc,
            marker: fields.marker,
            extensions: [{ id: extension, payload: Buffer.from([loud]) }],
          });
          expect(rest.equals(payload)).toBe(true);
        },
      ),
    );
  });

  test('that are none are told, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), id, (bytes, extension) => {
        const read = readRtp(Buffer.from(bytes), extension);
        if (bytes.length < 12 || bytes[0]! >> 6 !== 2) expect(read).toBeNull();
        else expect(read === null || read.payload.length <= bytes.length - 12).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are counted over the wrap of their numbers', () => {
    fc.assert(
      fc.property(uint16, fc.integer({ min: -30_000, max: 30_000 }), (from, step) => {
        expect(sequenceAfter((from + step) & 0xffff, from)).toBe(step);
        expect(timestampAfter((from + step) >>> 0, from)).toBe(step);
      }),
    );
  });
});

describe('the reception of a stream', () => {
  test('knows what was lost, and how unsteadily it came', () => {
    const reception = new Reception(8_000);
    for (let i = 0; i < 1_000; i += 1) {
      if (i % 10 === 3) continue;
      const packet = { ssrc: 1, sequence: (65_000 + i) & 0xffff, timestamp: i * 160 };
      reception.observe(packet, true, i * 20 + (i % 2) * 10);
    }
    expect(reception.packetsReceived).toBe(900);
    expect(reception.packetsLost).toBe(100);
    expect(reception.jitterMs).toBeGreaterThan(6);
    expect(reception.jitterMs).toBeLessThan(11);
    expect(reception.report()?.fractionLost).toBe(25);
    expect(reception.report()).toMatchObject({ fractionLost: 0, packetsLost: 100 });
  });

  test('goes on when the stream is another', () => {
    const reception = new Reception(8_000);
    for (const ssrc of [1, 2]) {
      for (let i = 0; i < 100; i += 1) {
        if (i !== 50)
          reception.observe({ ssrc, sequence: ssrc * 20_000 + i, timestamp: i * 160 }, true, i * 20);
      }
    }
    expect(reception.packetsReceived).toBe(198);
    expect(reception.packetsLost).toBe(2);
  });
});

describe('reports', () => {
  test('tell the other side, and the round trip to it', () => {
    const wall = 1_800_000_000_000;
    const reception = { ssrc: 7, fractionLost: 3, packetsLost: 5, highestSequence: 900, jitter: 40 };
    const sender = { ssrc: 1, rtpTimestamp: 5, packets: 10, octets: 1_600 };
    const ours = writeReport(sender, null, { lastReport: 0, at: 0 }, wall, 0);
    const heard = readReport(ours, 7, wall + 30);
    // The other side answers 100 ms after it has heard us; each way takes 30 ms.
    const theirs = writeReport(
      { ...sender, ssrc: 9 },
      { ...reception, ssrc: 1 },
      { lastReport: heard!.senderTime!, at: 1_000 },
      wall + 130,
      1_100,
    );
    const report = readReport(theirs, 1, wall + 160);
    expect(report?.about).toMatchObject({ packetsLost: 5, jitterTicks: 40 });
    expect(Math.round(report!.about!.roundTripMs!)).toBe(60);
  });

  test('that are none break nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readReport(Buffer.from(bytes), 1, 0)).not.toThrow();
      }),
    );
  });
});

describe("a caller's way into the room", () => {
  const way = (sent: Buffer[]) => ({
    ssrc: 5,
    payloadType: 100,
    levelExtensionId: 10,
    send: (packet: Buffer) => void sent.push(packet),
  });
  const packet = (sequence: number, timestamp: number, ssrc = 1) => ({
    payloadType: 111,
    sequence: sequence & 0xffff,
    timestamp: timestamp >>> 0,
    ssrc,
    marker: false,
    level: null,
    payload: Buffer.from([0x48, sequence & 0xff]),
  });

  test('passes Opus as it is, with losses and disorder, under new numbers', () => {
    const sent: Buffer[] = [];
    const uplink = new PassedUplink(way(sent));
    const order = [0, 1, 3, 2, 6, 7];
    for (const at of order) uplink.pass(packet(65_533 + at, 0xffff_ff00 + at * 960), 20, at * 20);
    const read = sent.map((one) => readRtp(one, 10)!);
    expect(read.map(({ payload }) => payload[1])).toEqual(order.map((at) => (65_533 + at) & 0xff));
    const first = read[0]!;
    expect(read.map(({ sequence }) => sequenceAfter(sequence, first.sequence))).toEqual(order);
    expect(read.map(({ timestamp }) => timestampAfter(timestamp, first.timestamp))).toEqual(
      order.map((at) => at * 960),
    );
    expect(read.every((one) => one.ssrc === 5 && one.payloadType === 100 && one.level === 20)).toBe(true);
  });

  test('goes on without a hole after a rest, or when the caller has a new stream', () => {
    const sent: Buffer[] = [];
    const uplink = new PassedUplink(way(sent));
    uplink.pass(packet(100, 96_000), 20, 0);
    uplink.speak(null);
    uplink.pass(packet(400, 384_000), 20, 6_000);
    uplink.pass(packet(9, 7, 2), 20, 6_020);
    const read = sent.map((one) => readRtp(one, 10)!);
    const first = read[0]!;
    expect(read.map(({ sequence }) => sequenceAfter(sequence, first.sequence))).toEqual([0, 1, 2]);
    expect(read.map(({ timestamp }) => timestampAfter(timestamp, first.timestamp))).toEqual([
      0, 288_000, 288_960,
    ]);
    expect(read.map(({ marker }) => marker)).toEqual([true, true, true]);
  });

  test('counts on for hours', () => {
    const sent: Buffer[] = [];
    const uplink = new PassedUplink(way(sent));
    const wrong: number[] = [];
    let first = { sequence: 0, timestamp: 0 };
    for (let i = 0; i < 200_000; i += 1) {
      uplink.pass(packet(i, i * 960), 20, i * 20);
      const read = readRtp(sent.pop()!, 10)!;
      if (i === 0) first = read;
      const isNext =
        ((read.sequence - first.sequence - i) & 0xffff) === 0 &&
        ((read.timestamp - first.timestamp - i * 960) | 0) === 0;
      if (!isNext || read.marker !== (i === 0)) wrong.push(i);
    }
    expect(wrong).toEqual([]);
  });

  test('is encoded while there is a voice, and costs next to nothing while there is none', async () => {
    const sent: Buffer[] = [];
    const uplink = new EncodedUplink(way(sent), await openEncoder('opus'));
    const voice = tone(500, FRAME_SAMPLES);
    for (let i = 0; i < 50; i += 1) uplink.speak(voice);
    expect(sent).toHaveLength(50);
    sent.length = 0;
    for (let i = 0; i < 200; i += 1) uplink.speak(null);
    expect(sent).toHaveLength(14);
    sent.length = 0;
    uplink.speak(voice);
    const again = readRtp(sent[0]!, 10)!;
    expect(again.marker).toBe(true);
    expect(again.level).toBe(17);
    expect(again.payload.length).toBeGreaterThan(10);
  });

  test('that is cut off does not hum on in what the receiver fills the pause with', async () => {
    const sent: Buffer[] = [];
    const uplink = new EncodedUplink(way(sent), await openTelephoneEncoder());
    const decoder = await openOpusDecoder();
    const hear = (frame: Float32Array | null): number => {
      uplink.speak(frame);
      const packet = sent.pop();
      const heard = packet ? decoder.decode(readRtp(packet, 10)!.payload) : decoder.conceal(FRAME_SAMPLES);
      return levelOf(heard!);
    };
    // A hum with some hiss is taken for the noise behind a voice, not for the voice.
    const next = random();
    const hum = (): Float32Array =>
      tone(1_030, FRAME_SAMPLES).map((sample) => sample + 0.001 * (next() - 0.5));
    const noise = Array.from({ length: 100 }, () => hear(hum()));
    expect(noise.at(-1)).toBeLessThan(25);
    const pause = Array.from({ length: 100 }, () => hear(null));
    expect(Math.min(...pause.slice(10))).toBeGreaterThan(80);
  });
});
