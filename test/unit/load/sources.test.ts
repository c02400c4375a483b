import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readRtp } from '../../../server/bridge/media/rtp.ts';
import { isRtcp } from '../../helpers/rtp.ts';
import { SendClock } from '../../load/generator/clock.ts';
import { EXTENSIONS, beginsKeyFrame, pictureLoss } from '../../load/generator/packets.ts';
import { Camera, Microphone } from '../../load/generator/sources.ts';

let sent: Buffer[];
const send = (packet: Buffer): boolean => sent.push(packet) > 0;

beforeEach(() => {
  sent = [];
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
});
afterEach(() => vi.useRealTimers());

const media = (): Buffer[] => sent.filter((packet) => !isRtcp(packet));

test('a voice is a packet each 20 ms, loud, and a report each second', () => {
  const microphone = new Microphone(new SendClock(), send);
  microphone.speak();
  vi.advanceTimersByTime(2_000);
  microphone.stop();
  const packets = media().map((packet) => readRtp(packet, EXTENSIONS.level.id));
  expect(packets.length).toBeGreaterThanOrEqual(98);
  expect(packets.length).toBeLessThanOrEqual(101);
  expect(new Set(packets.map((packet) => packet?.level))).toEqual(new Set([30]));
  expect(packets[1]!.timestamp - packets[0]!.timestamp).toBe(960);
  expect(sent.filter(isRtcp).length).toBeGreaterThanOrEqual(2);
});

test('silence is a packet each 400 ms', () => {
  const microphone = new Microphone(new SendClock(), send);
  microphone.listen();
  vi.advanceTimersByTime(4_000);
  expect(media().length).toBeGreaterThanOrEqual(9);
  expect(media().length).toBeLessThanOrEqual(11);
  microphone.stop();
});

test('a camera sends three layers, each beginning with a key frame and no other unasked', () => {
  const camera = new Camera(new SendClock(), send);
  camera.start();
  vi.advanceTimersByTime(1_000);
  camera.stop();
  const streams = Map.groupBy(media(), (packet) => packet.readUInt32BE(8));
  expect(streams.size).toBe(3);
  for (const packets of streams.values()) {
    expect(packets.map(beginsKeyFrame).indexOf(true)).toBe(0);
    expect(packets.filter(beginsKeyFrame)).toHaveLength(1);
  }
  const bytes = [...streams.values()].map((packets) => packets.reduce((sum, { length }) => sum + length, 0));
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
});

test('a camera answers a picture loss with a key frame of that layer', () => {
  const camera = new Camera(new SendClock(), send);
  camera.start();
  vi.advanceTimersByTime(1_000);
  const ssrc = media()[0]!.readUInt32BE(8);
  sent.length = 0;
  camera.takeRtcp(pictureLoss(ssrc));
  vi.advanceTimersByTime(500);
  camera.stop();
  expect(
    media()
      .filter(beginsKeyFrame)
      .map((packet) => packet.readUInt32BE(8)),
  ).toEqual([ssrc]);
  expect(camera.keyFrameRequests).toBe(1);
});

test('a clock calls back as often as it should, and no more once it is ended', () => {
  const clock = new SendClock();
  let times = 0;
  const stop = clock.each(10, () => void (times += 1));
  vi.advanceTimersByTime(1_000);
  stop();
  vi.advanceTimersByTime(100);
  expect(times).toBeGreaterThanOrEqual(99);
  expect(times).toBeLessThanOrEqual(101);
});
