import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { RoomRouter } from '../../helpers/bridge-room.ts';
import type { BridgeRoom } from '../../helpers/bridge-room.ts';
import { RtpPhone } from '../../helpers/rtp-phone.ts';
import { levelOf, loudness } from '../../helpers/telephony/tones.ts';
import { sleep, until } from '../../helpers/wait.ts';

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

/** How long is listened at a time, in ms. */
const LISTEN_MS = 500;
/** Of a tone that is heard, and of one that is not, in dB. */
const CLEAR = -30;
const GONE = -50;

/** How loud each tone is in what is heard from now on for a while, in dB. */
async function hearing(ears: readonly Ear[], tones: readonly number[]): Promise<number[][]> {
  for (const ear of ears) ear.heard();
  await sleep(LISTEN_MS);
  return ears.map((ear) => {
    const samples = ear.heard();
    return tones.map((tone) => levelOf(tone, samples, 16_000));
  });
}

/** Expects nothing of these tones from now on: no packet that is late adds any. */
async function hearNone(ears: readonly Ear[], tones: readonly number[]): Promise<void> {
  expect(Math.max(...(await hearing(ears, tones)).flat())).toBeLessThan(GONE);
}

/**
 * Listens again and again until each ear hears the tones that it should, all in the same while, and none of the others.
 * What was on its way before is heard first, and on a busy machine packets are late, which leaves holes.
 */
async function hear(
  ears: readonly Ear[],
  expected: Readonly<Record<number, readonly boolean[]>>,
): Promise<void> {
  const tones = Object.keys(expected).map(Number);
  const isAsExpected = (level: number, isHeard: boolean): boolean => (isHeard ? level > CLEAR : level < GONE);
  await until(
    `each hears ${JSON.stringify(expected)}`,
    () => hearing(ears, tones),
    (levels) =>
      levels.every((ofEar, ear) =>
        ofEar.every((level, i) => isAsExpected(level, expected[tones[i]!]?.[ear] ?? false)),
      ),
    { everyMs: 0 },
  );
}

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
    const phones = calls.map(({ phone }) => phone);
    const byAllBut = (self: number): boolean[] => phones.map((_, ear) => ear !== self);
    await hear(phones, Object.fromEntries(tones.map((tone, of) => [tone, byAllBut(of)])));
  });

  test('the browser hears a caller, whose packets say their level', async () => {
    room = await router.openRoom(media.thread, 'room', secure);
    const browser = await router.browser(tones[3]!);
    const { callId } = await media.call({ codec: legs[0], tone: 440 });
    await browser.hear(await room.place(callId), router.rtpCapabilities);
    await hear([browser], { 440: [true] });
    browser.levels();
    const levels: number[] = [];
    await until(
      'a second of packets',
      () => levels.push(...browser.levels()),
      (count) => count >= 50,
    );
    // A sine of 0.2 is 17 dB below full scale; the automatic gain may have made it softer.
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(15);
    // Where a packet of the phone was late there is a hole, whose packet says that it is one.
    const inOrder = levels.sort((one, other) => one - other);
    expect(inOrder[levels.length >> 1]).toBeLessThan(30);
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
    await hear(ears, { 440: [false, false], 620: [true, false] });
    await media.thread.request('setMuted', { callId: one.callId, muted: false });
    await media.thread.request('setHeld', { callId: one.callId, held: true });
    await hear(ears, { 440: [false, false], 620: [false, false] });
    await hearNone(ears, [440, 620]);
    await media.thread.request('setHeld', { callId: one.callId, held: false });
    await hear(ears, { 440: [false, true], 620: [true, false] });
  });
});

test('a room is closed, though a call in it is being closed and another one is busy with a description', async () => {
  // A process's first call by DTLS takes a while: a certificate is made for it.
  const fresh = await TestMedia.start();
  const { thread } = fresh;
  const phone = await RtpPhone.open({ kind: 'dtls' });
  onTestFinished(async () => {
    phone.close();
    await fresh.close();
  });
  const place = await router.openRoom(thread, 'room');
  const gone = await fresh.call();
  await thread.request('openCall', { callId: 'busy', options: { listenIp: '127.0.0.1' } });
  await Promise.all([place.place(gone.callId), place.place('busy')]);
  const order: string[] = [];
  const note = (what: string) => (): void => void order.push(what);
  await Promise.all([
    thread.request('answer', { callId: 'busy', sdp: phone.description() }).then(note('answer')),
    thread.request('closeRoom', { roomId: 'room' }).then(note('closed')),
    thread.request('closeCall', { callId: gone.callId }),
  ]);
  expect(order).toEqual(['closed', 'answer']);
  expect(await thread.request('stats', {})).toMatchObject({ rooms: 0, calls: 1 });
  await place.close();
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
  await hear([other.phone], { 440: [false] });
  holding.phone.packets();
  await hearNone([other.phone], [440]);
  expect(holding.phone.packets()).toEqual([]);
  const resumed = await media.thread.request('answer', { ...hold, sdp: holding.phone.description() });
  expect(resumed.sdp).toContain('a=sendrecv');
  await hear([other.phone, holding.phone], { 440: [true, false], 620: [false, true] });
});

test('a caller hears the room louder or softer, and prompts over it', async () => {
  room = await router.openRoom(media.thread, 'room');
  const [one, other] = await Promise.all([media.call(), media.call({ tone: 620 })]);
  await room.place(one.callId);
  await room.place(other.callId);
  const levelNow = async (): Promise<number> => (await hearing([one.phone], [620]))[0]![0]!;
  await hear([one.phone], { 620: [true] });
  const before = await levelNow();
  await media.thread.request('setGain', { callId: one.callId, decibels: -12 });
  await until(
    `12 dB less than ${before.toFixed(1)}`,
    levelNow,
    (level) => before - level > 9 && before - level < 15,
    { everyMs: 0 },
  );
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
  /** Waits until the room hears so many callers, who hear each other all the time. */
  const areSent = (count: number) =>
    until(
      `${count} are sent`,
      () => hearing(ears, tones),
      ([first, second, one, other]) =>
        [one![1]!, other![0]!].every((level) => level > CLEAR) &&
        [first![0]!, second![1]!].filter((level) => level > CLEAR).length === count,
      { everyMs: 0 },
    );

  for (const count of [0, 1, 2]) {
    await want(count);
    await areSent(count);
  }
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
