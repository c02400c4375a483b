import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { loudness } from '../../helpers/telephony/tones.ts';
import { sleep, until } from '../../helpers/wait.ts';

let media: TestMedia;

beforeAll(async () => {
  media = await TestMedia.start();
});
afterEach(() => media.hangUp());
afterAll(() => media.close());

describe.each([
  { kind: 'plain', secure: false },
  { kind: 'sdes', secure: true },
] as const)('a phone on a $kind leg', ({ secure }) => {
  test.each(['PCMU', 'PCMA', 'opus'] as const)('hears a prompt in %s', async (codec) => {
    const { callId, phone } = await media.call({ codec, secure });
    await until(
      'media',
      () => media.told('mediaArrived', callId),
      (told) => told.length === 1,
    );
    phone.heard();
    const { playId } = await media.thread.request('play', { callId, prompts: ['en/welcome'] });
    await until(
      'the end',
      () => media.told('promptEnded', callId),
      (told) => told.length === 1,
    );
    expect(media.told('promptEnded', callId)).toMatchObject([{ playId, whole: true }]);
    expect(loudness(phone.heard())).toBeGreaterThan(-35);
  });

  test('keys digits, each heard once whatever is lost of it', async () => {
    const { callId, phone } = await media.call({ secure });
    await phone.key('4');
    await phone.key('4', (packet) => packet >= 5);
    await phone.key('#', (packet) => packet < 3);
    await sleep(100);
    expect(media.told('digit', callId).map(({ digit }) => digit)).toEqual(['4', '4', '#']);
  });
});
