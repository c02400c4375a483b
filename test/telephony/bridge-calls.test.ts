/** Telephones call the bridge by a real SIP server, with media in the clear. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isTold } from '../helpers/telephony/hearing.ts';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { arrive, endOf, enter, hears, openLines } from '../helpers/telephony/lines.ts';
import type { Lines } from '../helpers/telephony/lines.ts';
import { until } from '../helpers/wait.ts';

let lines: Lines;
beforeAll(async () => {
  lines = await openLines({
    phones: ['alice', 'bob', 'carol'],
    bridge: { rooms: { '123': null, '456': '7890' }, trunk: { rooms: { '810': '123' } } },
  });
});
afterAll(() => lines.close());
afterEach(() => lines.hangUp());

describe('a caller', () => {
  test('is answered, and asked for a room', async () => {
    const alice = lines.phone('alice');
    const guest = await arrive(lines, alice);
    expect(guest.caller).toMatchObject({ called: CONFERENCE_NUMBER, party: { number: 'alice' } });
    await isTold(alice);
    alice.hangUp();
    expect(await endOf(guest)).toMatchObject({ reason: 'hung-up', fault: 'nobody' });
  });

  test('keys in a room and its PIN, and leaves by key', async () => {
    const alice = lines.phone('alice');
    const guest = await enter(lines, alice, '456#7890#');
    await alice.key('*6');
    await until(
      'alice is muted',
      () => guest.muted,
      (muted) => muted,
    );
    await alice.key('*8');
    expect(await endOf(guest)).toMatchObject({
      reason: 'left',
      fault: 'nobody',
      media: { kind: 'plain', codec: 'PCMU' },
    });
    // As a number of its own: within a time in ms it is there now and then.
    expect(lines.bridge.log()).not.toMatch(/(?<!\d)7890(?!\d)/);
  });

  test('who dials a number of a room is in it', async () => {
    const alice = lines.phone('alice');
    const guest = await arrive(lines, alice, '810');
    await until(
      'alice is in the room',
      () => guest.room,
      (room) => room === '123',
    );
  });

  test('is sent away after three wrong PINs', async () => {
    const alice = lines.phone('alice');
    const guest = await arrive(lines, alice);
    await alice.key('456#');
    for (const pin of ['1111#', '2222#', '3333#']) await alice.key(pin);
    expect(await endOf(guest)).toMatchObject({ reason: 'pin-wrong', fault: 'caller' });
  });
});

describe('three callers in a room', () => {
  test('each hear the others and not themselves; one on hold is not heard, and the others go on', async () => {
    const [alice, bob, carol] = [lines.phone('alice'), lines.phone('bob'), lines.phone('carol')];
    for (const phone of [alice, bob, carol]) await enter(lines, phone, '123#');
    await Promise.all([
      hears(alice, ['bob', 'carol'], ['alice']),
      hears(bob, ['alice', 'carol'], ['bob']),
      hears(carol, ['alice', 'bob'], ['carol']),
    ]);

    carol.hold();
    await Promise.all([hears(alice, ['bob'], ['alice', 'carol']), hears(bob, ['alice'], ['bob', 'carol'])]);

    // What carol hears then can't be told: baresip 1.0 records nothing more after a hold of its own.
    carol.resume();
    await Promise.all([hears(alice, ['bob', 'carol'], ['alice']), hears(bob, ['alice', 'carol'], ['bob'])]);
  });
});

describe('a transfer', () => {
  test('puts another phone in the place of the caller', async () => {
    const [alice, bob, carol] = [lines.phone('alice'), lines.phone('bob'), lines.phone('carol')];
    const guest = await enter(lines, alice, '123#');
    await enter(lines, bob, '123#');
    const [beforeAlice, beforeCarol] = [alice.events.length, carol.events.length];
    alice.transferTo('carol');
    await carol.event('CALL_INCOMING', beforeCarol);
    carol.accept();
    await alice.event('CALL_CLOSED', beforeAlice);
    await hears(bob, ['carol'], ['alice']);
    await hears(carol, ['bob'], ['carol']);
    expect(guest.end).toBeNull();
    carol.hangUp();
    expect(await endOf(guest)).toMatchObject({ reason: 'hung-up' });
    expect(guest.calls).toMatchObject([
      { call: { direction: 'inbound', party: { number: 'alice' } }, end: { reason: 'transferred' } },
      { call: { direction: 'outbound', party: { number: 'carol' } }, end: { reason: 'hung-up' } },
    ]);
  });
});
