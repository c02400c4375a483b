import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { RoomRouter } from '../../helpers/bridge-room.ts';
import type { BridgeRoom } from '../../helpers/bridge-room.ts';
import { levelOf, loudness } from '../../helpers/telephony/tones.ts';
import { sleep } from '../../helpers/wait.ts';

let media: TestMedia;
let router: RoomRouter;
let room: BridgeRoom | null = null;

beforeAll(async () => {
  [media, router] = await Promise.all([TestMedia.start(), RoomRouter.start()]);
});
afterEach(async () => {
  await media.hangUp();
  router.closeBrowsers();
  await room?.close();
  room = null;
});
afterAll(async () => {
  await media.close();
  await router.close();
});

interface Ear {
  heard(): Float32Array;
}

/** How loud each tone is in what is heard from now on for so long, in dB. */
async function hearing(ears: readonly Ear[], tones: readonly number[], ms = 800): Promise<number[][]> {
  for (const ear of ears) ear.heard();
  await sleep(ms);
  return ears.map((ear) => {
    const samples = ear.heard();
    return tones.map((tone) => levelOf(tone, samples, 16_000));
  });
}

const CLEAR = -30;
const GONE = -50;

describe.each([
  { legs: ['PCMU', 'PCMU', 'PCMA'], secure: false },
  { legs: ['opus', 'opus', 'PCMU'], secure: true },
] as const)('three phones ($legs) and a browser, SFU by SRTP: $secure', ({ legs, secure }) => {
  const tones = [440, 620, 810, 1_030];

  test('each hears all others and not itself', async () => {
    room = await router.openRoom(media.thread, 'room', secure);
    const browser = await router.browser(tones[3]!);
    await room.hear(browser);
    const calls = await Promise.all(legs.map((codec, i) => media.call({ codec, tone: tones[i]! })));
    for (const { callId } of calls) {
      await browser.hear(await room.place(callId), router.rtpCapabilities);
    }
    await sleep(600);
    const phones = calls.map(({ phone }) => phone);
    const levels = await hearing(phones, tones);
    levels.forEach((heard, self) => {
      heard.forEach((level, of) => {
        if (of === self) expect(level).toBeLessThan(GONE);
        else expect(level).toBeGreaterThan(CLEAR);
      });
    });
  });

  test('the browser hears a caller, whose packets say their level', async () => {
    room = await router.openRoom(media.thread, 'room', secure);
    const browser = await router.browser(tones[3]!);
    const { callId } = await media.call({ codec: legs[0], tone: 440 });
    await browser.hear(await room.place(callId), router.rtpCapabilities);
    await sleep(500);
    browser.levels();
    const [heard] = await hearing([browser], [440]);
    expect(heard![0]).toBeGreaterThan(CLEAR);
    const levels = browser.levels();
    expect(levels.length).toBeGreaterThan(30);
    // A sine of 0.2 is 17 dB below full scale; the automatic gain may have made it softer.
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...levels)).toBeLessThan(30);
  });

  test('nobody hears who is muted or held; who is held hears nobody', async () => {
    room = await router.openRoom(media.thread, 'room', secure);
    const [one, other] = await Promise.all([
      media.call({ codec: legs[0], tone: 440 }),
      media.call({ codec: legs[1], tone: 620 }),
    ]);
    await room.place(one.callId);
    await room.place(other.callId);
    const ears = [one.phone, other.phone];
    await media.thread.request('setMuted', { callId: one.callId, muted: true });
    await sleep(500);
    const muted = await hearing(ears, [440, 620]);
    expect(muted[1]![0]).toBeLessThan(GONE);
    expect(muted[0]![1]).toBeGreaterThan(CLEAR);
    await media.thread.request('setMuted', { callId: one.callId, muted: false });
    await media.thread.request('setHeld', { callId: one.callId, held: true });
    await sleep(500);
    const held = await hearing(ears, [440, 620]);
    expect(held[1]![0]).toBeLessThan(GONE);
    expect(held[0]![1]).toBeLessThan(GONE);
    await media.thread.request('setHeld', { callId: one.callId, held: false });
    await sleep(500);
    const [back] = await hearing([other.phone], [440]);
    expect(back![0]).toBeGreaterThan(CLEAR);
  });
});

test('music of a phone that holds us does not reach the room', async () => {
  room = await router.openRoom(media.thread, 'room');
  const [holding, other] = await Promise.all([media.call({ tone: 440 }), media.call({ tone: 620 })]);
  await room.place(holding.callId);
  await room.place(other.callId);
  const hold = { callId: holding.callId, sdp: holding.phone.description('sendonly') };
  const { sdp, remoteDirection } = await media.thread.request('answer', hold);
  expect(remoteDirection).toBe('sendonly');
  expect(sdp).toContain('a=recvonly');
  await sleep(500);
  holding.phone.packets();
  const [heard] = await hearing([other.phone], [440]);
  expect(heard![0]).toBeLessThan(GONE);
  expect(holding.phone.packets()).toEqual([]);
  const resumed = await media.thread.request('answer', { ...hold, sdp: holding.phone.description() });
  expect(resumed.sdp).toContain('a=sendrecv');
  await sleep(500);
  const [again, self] = await hearing([other.phone, holding.phone], [440, 620]);
  expect(again![0]).toBeGreaterThan(CLEAR);
  expect(self![1]).toBeGreaterThan(CLEAR);
});

test('a caller hears the room louder or softer, and prompts over it', async () => {
  room = await router.openRoom(media.thread, 'room');
  const [one, other] = await Promise.all([media.call(), media.call({ tone: 620 })]);
  await room.place(one.callId);
  await room.place(other.callId);
  await sleep(500);
  const [before] = await hearing([one.phone], [620]);
  await media.thread.request('setGain', { callId: one.callId, decibels: -12 });
  await sleep(200);
  const [softer] = await hearing([one.phone], [620]);
  expect(before![0]! - softer![0]!).toBeGreaterThan(9);
  expect(before![0]! - softer![0]!).toBeLessThan(15);
  await media.thread.request('play', { callId: one.callId, prompts: ['en/welcome'] });
  one.phone.heard();
  await sleep(600);
  expect(loudness(one.phone.heard())).toBeGreaterThan(-35);
});

test('the room is sent the loudest callers, as many as it wants, while telephones hear each other anyway', async () => {
  room = await router.openRoom(media.thread, 'room');
  const tones = [440, 620];
  const browsers = await Promise.all(tones.map(() => router.browser(1_500)));
  const calls = await Promise.all(tones.map((tone) => media.call({ tone })));
  for (const [i, { callId }] of calls.entries()) {
    await browsers[i]!.hear(await room.place(callId), router.rtpCapabilities);
  }
  const want = (wantedVoices: number) =>
    media.thread.request('setWantedVoices', { roomId: 'room', wantedVoices });
  const phones = calls.map(({ phone }) => phone);
  const ears = [...browsers, ...phones];
  const isSent = async (): Promise<boolean[]> => {
    await sleep(500);
    const [first, second, one, other] = await hearing(ears, tones);
    expect([one![1], other![0]].every((level) => level! > CLEAR)).toBe(true);
    return [first![0]! > CLEAR, second![1]! > CLEAR];
  };

  await want(0);
  expect(await isSent()).toEqual([false, false]);
  await want(1);
  const sent = await isSent();
  expect(sent.filter(Boolean)).toHaveLength(1);
  await want(2);
  expect(await isSent()).toEqual([true, true]);
});

test('a room is silent but for comfort noise, and a phone that pauses costs it nothing', async () => {
  room = await router.openRoom(media.thread, 'room');
  const quiet = await media.call({ codec: 'PCMU' });
  const opus = await media.call({ codec: 'opus' });
  await room.place(quiet.callId);
  await room.place(opus.callId);
  await sleep(1_000);
  quiet.phone.heard();
  opus.phone.packets();
  await sleep(1_000);
  const noise = loudness(quiet.phone.heard());
  expect(noise).toBeGreaterThan(-85);
  expect(noise).toBeLessThan(-55);
  // One each 400 ms instead of 50 a second.
  expect(opus.phone.packets().length).toBeLessThan(5);
});
