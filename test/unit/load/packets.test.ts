import { describe, expect, test } from 'vitest';
import { readRtp } from '../../../server/bridge/media/rtp.ts';
import { keyFrameRequests } from '../../helpers/rtp.ts';
import {
  EXTENSIONS,
  PAYLOAD_TYPES,
  PacketWriter,
  beginsKeyFrame,
  pictureLoss,
  receiverReport,
  sentAt,
} from '../../load/generator/packets.ts';

const voice = { kind: 'audio', ssrc: 0xfeed_0001, mid: '0' } as const;
const layer = { kind: 'video', ssrc: 0xfeed_0002, mid: '1', rid: 'r2' } as const;
const part = {
  keyFrame: true,
  first: true,
  last: true,
  pictureId: 7,
  temporalLayer: 0,
  tl0PicIdx: 3,
  size: 300,
};

describe('a packet of a voice', () => {
  test('says its level, as a reader of RTP finds it', () => {
    const packet = new PacketWriter(voice, 65_535).audio(960, 30, 100, 0);
    expect(readRtp(packet, EXTENSIONS.level.id)).toMatchObject({
      ...{ payloadType: PAYLOAD_TYPES.audio, ssrc: voice.ssrc, sequence: 65_535, timestamp: 960, level: 30 },
      payload: { length: 100 },
    });
  });

  test('has the next sequence number, over the wrap', () => {
    const writer = new PacketWriter(voice, 65_535);
    const sequences = [0, 960].map(
      (timestamp) => readRtp(writer.audio(timestamp, 30, 100, 0), null)?.sequence,
    );
    expect(sequences).toEqual([65_535, 0]);
  });

  test('tells when it was sent, however small it is', () => {
    expect(sentAt(new PacketWriter(voice).audio(0, 127, 1, 1_234.567), 'audio')).toBe(1_234.567);
  });
});

describe('a packet of a picture', () => {
  test('names its media line and its layer', () => {
    const packet = new PacketWriter(layer).video(0, part, 0);
    const extensions = packet.subarray(16, 16 + 4 * packet.readUInt16BE(14));
    expect(extensions.toString('latin1')).toBe('\x101\x21r2\0\0\0');
  });

  test('ends its frame with the marker', () => {
    const writer = new PacketWriter(layer);
    const markers = [false, true].map((last) => readRtp(writer.video(0, { ...part, last }, 0), null)?.marker);
    expect(markers).toEqual([false, true]);
  });

  test('begins a key frame only as its first packet', () => {
    const writer = new PacketWriter(layer);
    const begins = (changes: Partial<typeof part>) =>
      beginsKeyFrame(writer.video(0, { ...part, ...changes }, 0));
    expect(begins({})).toBe(true);
    expect(begins({ first: false })).toBe(false);
    expect(begins({ keyFrame: false })).toBe(false);
  });

  test('tells when it was sent, be it the first of its frame or not', () => {
    const writer = new PacketWriter(layer);
    for (const first of [true, false]) {
      expect(sentAt(writer.video(0, { ...part, first }, 42.5), 'video')).toBe(42.5);
    }
  });
});

describe('what is no packet of the generator', () => {
  test('padding tells nothing', () => {
    const padding = new PacketWriter(voice).audio(0, 127, 20, 1).subarray(0, 20);
    expect(sentAt(padding, 'audio')).toBeNull();
    expect(beginsKeyFrame(padding)).toBe(false);
  });

  test('a header that ends early tells nothing', () => {
    const cut = new PacketWriter(voice).audio(0, 127, 20, 1).subarray(0, 14);
    expect(sentAt(cut, 'audio')).toBeNull();
  });
});

test('a receiver report tells what was lost of each stream', () => {
  const packet = receiverReport([{ ssrc: 5, lostPart: 0.25, lost: 258, highest: 65_536 + 9 }]);
  expect(packet.toString('hex')).toBe(
    ['81c90007', '00000001', '00000005', '40000102', '00010009', '00000000', '00000000', '00000000'].join(''),
  );
});

test('a picture loss is read as the wish for a key frame', () => {
  expect(keyFrameRequests(pictureLoss(0xfeed_0002))).toEqual([0xfeed_0002]);
});
