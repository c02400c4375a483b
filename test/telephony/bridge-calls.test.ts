/** Telephones call the bridge by a real SIP server, with media in the clear. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { BRIDGE_PASSWORD, startBridge } from '../helpers/telephony/bridge.ts';
import type { TestBridge } from '../helpers/telephony/bridge.ts';
import { CONFERENCE_NUMBER, startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';
import { sleep, until } from '../helpers/wait.ts';

/** In dB. A prompt is about -20, a caller's tone -10 or so before the limiter; a quiet line well below. */
const AUDIBLE = -30;
const SILENT = -45;

let kamailio: Kamailio;
let bridge: TestBridge;
let alice: Baresip;
let bob: Baresip;
let carol: Baresip;

beforeAll(async () => {
  kamailio = await startKamailio({
    users: { alice: 'alice-pw', bob: 'bob-pw', carol: 'carol-pw', bridge: BRIDGE_PASSWORD },
  });
  bridge = await startBridge({ kamailio, rooms: { '123': null, '456': '7890' } });
  const phone = (user: string, tone: number): Promise<Baresip> =>
    Baresip.start({ user, password: `${user}-pw`, kamailio, tone });
  [alice, bob, carol] = await Promise.all([phone('alice', 440), phone('bob', 620), phone('carol', 810)]);
});
afterAll(async () => {
  await Promise.all([alice.close(), bob.close(), carol.close()]);
  await bridge.stop();
  await kamailio.stop();
});
afterEach(async () => {
  for (const phone of [alice, bob, carol]) phone.hangUp();
  await until(
    'all calls are over',
    () => bridge.bridge.state.calls,
    (calls) => calls === 0,
  );
});

/** Calls in, and keys itself into a room. */
async function enter(phone: Baresip, keys: string): Promise<void> {
  const before = phone.events.length;
  phone.dial(CONFERENCE_NUMBER);
  await phone.event('CALL_ESTABLISHED', before);
  await phone.key(keys);
  await until(
    `${phone.user} is in`,
    () => bridge.door.guests.findLast(({ caller }) => caller.party.number === phone.user)?.room ?? null,
    (room) => room !== null,
  );
}

describe('a caller', () => {
  test('is answered, and asked for a room', async () => {
    alice.dial(CONFERENCE_NUMBER);
    await alice.event('CALL_ESTABLISHED');
    const { all } = await alice.hear([]);
    expect(all).toBeGreaterThan(AUDIBLE);
    expect(bridge.door.last.caller).toMatchObject({ called: '800', party: { number: 'alice' } });
  });

  test('keys in a room and its PIN, and leaves by key', async () => {
    await enter(alice, '456#7890#');
    const guest = bridge.door.last;
    await alice.key('*6');
    await until(
      'alice is muted',
      () => guest.muted,
      (muted) => muted,
    );
    await alice.key('*8');
    await until(
      'alice has left',
      () => guest.end,
      (end) => end !== null,
    );
    expect(guest.end).toMatchObject({
      reason: 'left',
      fault: 'nobody',
      media: { kind: 'plain', codec: 'PCMU' },
    });
    expect(bridge.log()).not.toContain('7890');
  });

  test('is sent away after three wrong PINs', async () => {
    alice.dial(CONFERENCE_NUMBER);
    await alice.event('CALL_ESTABLISHED', alice.events.length - 1);
    await alice.key('456#');
    for (const pin of ['1111#', '2222#', '3333#']) await alice.key(pin);
    await until(
      'the bridge hangs up',
      () => bridge.door.last.end,
      (end) => end !== null,
      { timeoutMs: 30_000 },
    );
    expect(bridge.door.last.end).toMatchObject({ reason: 'pin-wrong', fault: 'caller' });
  });
});

describe('three callers in a room', () => {
  test('each hear the others and not themselves; one on hold is not heard, and the others go on', async () => {
    await Promise.all([enter(alice, '123#'), enter(bob, '123#'), enter(carol, '123#')]);
    const tones = [alice.tone, bob.tone, carol.tone];
    const hear = async (phone: Baresip): Promise<number[]> => (await phone.hear(tones, 1_500)).levels;
    await quiet([alice, bob, carol]);
    const all = await Promise.all([hear(alice), hear(bob), hear(carol)]);
    for (const [listener, levels] of all.entries()) {
      for (const [speaker, level] of levels.entries()) {
        if (speaker === listener) expect(level).toBeLessThan(SILENT);
        else expect(level).toBeGreaterThan(AUDIBLE);
      }
    }

    carol.hold();
    await sleep(1_000);
    const [atAlice, atBob] = await Promise.all([hear(alice), hear(bob)]);
    expect(atAlice[2]).toBeLessThan(SILENT);
    expect(atBob[2]).toBeLessThan(SILENT);
    expect(atAlice[1]).toBeGreaterThan(AUDIBLE);
    expect(atBob[0]).toBeGreaterThan(AUDIBLE);

    carol.resume();
    await sleep(1_000);
    expect((await hear(alice))[2]).toBeGreaterThan(AUDIBLE);
    expect((await hear(carol))[0]).toBeGreaterThan(AUDIBLE);
  });
});

/** Waits until the prompts after joining are over. */
async function quiet(phones: readonly Baresip[]): Promise<void> {
  await sleep(phones.length * 0 + 6_000);
}
