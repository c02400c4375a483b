import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import type { ReceivedPacket } from '../../helpers/rtp-phone.ts';
import { loudness } from '../../helpers/telephony/tones.ts';
import { sleep, until } from '../../helpers/wait.ts';

let media: TestMedia;

beforeAll(async () => {
  media = await TestMedia.start();
});
afterEach(() => media.hangUp());
afterAll(() => media.close());

describe.each(['plain', 'sdes', 'dtls'] as const)('a phone on a %s leg', (kind) => {
  test.each(['PCMU', 'PCMA', 'opus'] as const)('hears a prompt in %s', async (codec) => {
    const { callId, phone } = await media.call({ codec, kind });
    await media.hears(callId);
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

  test('is called by us, and hears a prompt', async () => {
    const { callId, phone } = await media.callOut({ kind });
    await media.hears(callId);
    phone.heard();
    await media.thread.request('play', { callId, prompts: ['es/welcome'] });
    await until(
      'the end',
      () => media.told('promptEnded', callId),
      (told) => told.length === 1,
    );
    expect(loudness(phone.heard())).toBeGreaterThan(-35);
  });

  test('keys digits, each heard once whatever is lost of it', async () => {
    const { callId, phone } = await media.call({ kind });
    await media.hears(callId);
    await phone.key('4');
    await phone.key('4', (packet) => packet >= 5);
    await phone.key('#', (packet) => packet < 3);
    const digits = () => media.told('digit', callId).map(({ digit }) => digit);
    await until('the last digit', digits, (told) => told.includes('#'));
    // None of them twice.
    await sleep(100);
    expect(digits()).toEqual(['4', '4', '#']);
  });

  test('is sent digits', async () => {
    const { callId, phone } = await media.call({ kind });
    await media.hears(callId);
    phone.packets();
    await media.thread.request('sendDigits', { callId, digits: '5#' });
    const events: ReceivedPacket[] = [];
    const ends = () => events.filter(({ payload }) => (payload[1]! & 0x80) !== 0).length;
    await until(
      'both digits have ended',
      () => {
        events.push(...phone.packets().filter(({ payloadType }) => payloadType === 101));
        return ends();
      },
      (count) => count >= 6,
    );
    const begins = events.filter(({ marker }) => marker);
    expect(begins.map(({ payload }) => payload[0])).toEqual([5, 11]);
    // Each digit has one timestamp, and ends with three packets that say so.
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(2);
    expect(ends()).toBe(6);
  });
});
