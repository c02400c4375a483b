import { describe, expect, it } from 'vitest';
import { checkPublication } from '../../../server/sfu/publications.ts';

const codec = (mimeType: string) => ({ mimeType, payloadType: 100, clockRate: 90_000 });
const encodings = (count: number) => Array.from({ length: count }, (_, i) => ({ ssrc: i + 1 }));

describe('checkPublication', () => {
  it('takes a camera of three layers and a microphone', () => {
    checkPublication('video', { codecs: [codec('video/VP8'), codec('video/rtx')], encodings: encodings(3) });
    checkPublication('audio', { codecs: [codec('audio/opus')], encodings: encodings(1) });
  });

  it('refuses several codecs, or none, in one publication', () => {
    for (const mimeTypes of [['video/VP8', 'video/VP8'], ['video/VP8', 'video/H264'], ['video/rtx']]) {
      expect(() => checkPublication('video', { codecs: mimeTypes.map(codec) })).toThrow('one codec');
    }
  });

  it('refuses more layers in a stream than anybody sends', () => {
    const check = (scalabilityMode: string) =>
      checkPublication('video', { codecs: [codec('video/VP9')], encodings: [{ ssrc: 1, scalabilityMode }] });
    check('L3T3_KEY');
    check('S3T3');
    expect(() => check('L4T1')).toThrow('layers');
    expect(() => check('L1T99')).toThrow('layers');
  });

  it.each([
    ['sound as a camera', 'video' as const, 'audio/opus', 1],
    ['a picture as a microphone', 'audio' as const, 'video/VP8', 1],
    ['four layers', 'video' as const, 'video/VP8', 4],
    ['two sounds in one', 'audio' as const, 'audio/opus', 2],
  ])('refuses %s', (_, kind, mimeType, count) => {
    expect(() => checkPublication(kind, { codecs: [codec(mimeType)], encodings: encodings(count) })).toThrow(
      expect.objectContaining({ name: 'ConferenceError', code: 'unsupported-media' }),
    );
  });
});
