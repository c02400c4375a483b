import { beforeEach, describe, expect, test } from 'vitest';
import { keyFrameRequests } from '../../helpers/rtp.ts';
import { PacketWriter } from '../../load/generator/packets.ts';
import { Reception } from '../../load/generator/reception.ts';

const SSRC = 77;
const part = { first: true, last: true, pictureId: 1, temporalLayer: 0, tl0PicIdx: 0, size: 100 };

let sent: Buffer[];
let delays: number[];
let reception: Reception;
let writer: PacketWriter;

beforeEach(() => {
  sent = [];
  delays = [];
  const send = (packet: Buffer): boolean => sent.push(packet) > 0;
  reception = new Reception(send, (_kind, ms) => void delays.push(ms));
  writer = new PacketWriter({ kind: 'video', ssrc: SSRC, mid: '1' }, 65_534);
  reception.expect('video', SSRC);
});

const picture = (keyFrame = false, more: Partial<typeof part> = {}): Buffer =>
  writer.video(0, { ...part, keyFrame, ...more }, 3);

test('counts packets and bytes of what it expects, and of nothing else', () => {
  const packet = picture(true);
  reception.take(packet, 10);
  reception.take(new PacketWriter({ kind: 'audio', ssrc: 1, mid: '0' }).audio(0, 30, 50, 0), 10);
  expect(reception.totals).toMatchObject({ packets: 1, bytes: packet.length, streams: 1, lost: 0 });
});

test('counts as lost what is missing between sequence numbers, over their wrap', () => {
  const packets = Array.from({ length: 6 }, () => picture(true));
  for (const i of [0, 1, 4, 5]) reception.take(packets[i]!, 10);
  expect(reception.totals).toMatchObject({ packets: 4, lost: 2 });
});

test('does not count as lost what only comes late', () => {
  const packets = Array.from({ length: 4 }, () => picture(true));
  for (const i of [0, 2, 1, 3]) reception.take(packets[i]!, 10);
  expect(reception.totals).toMatchObject({ packets: 4, lost: 0 });
});

test('measures how long a packet was under way', () => {
  reception.take(picture(true), 10);
  expect(delays).toEqual([7]);
});

describe('the first picture', () => {
  test('is there with the last packet of a key frame', () => {
    reception.take(picture(false), 10);
    reception.take(picture(true, { last: false }), 10);
    expect(reception.firstFrameAt).toBeNull();
    reception.take(picture(true, { first: false }), 10);
    expect(reception.firstFrameAt).not.toBeNull();
    expect(reception.totals.keyFrames).toBe(1);
  });

  test('is asked for, not too often, when packets come without one', () => {
    const asked = [0, 400, 600, 900, 1_200].map((now) => {
      sent.length = 0;
      reception.take(picture(false), now);
      return sent.flatMap(keyFrameRequests);
    });
    expect(asked).toEqual([[], [], [SSRC], [], [SSRC]]);
  });
});

test('keeps what it has counted of a stream that has ended', () => {
  reception.take(picture(true), 10);
  reception.forget(SSRC);
  reception.take(picture(false), 10);
  expect(reception.totals).toMatchObject({ packets: 1, keyFrames: 1 });
});

test('reports streams of which something came', () => {
  reception.expect('audio', SSRC + 1);
  reception.take(picture(true), 10);
  reception.report();
  expect(sent.map((packet) => packet.readUInt32BE(8))).toEqual([SSRC]);
});
