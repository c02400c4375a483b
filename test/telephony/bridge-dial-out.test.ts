/** Calls out of rooms, to real telephones. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DialRefused } from '../../server/bridge/bridge.ts';
import type { CallEnd } from '../../server/bridge/sip/call.ts';
import type { CloseReason } from '../../server/bridge/sip/close-reason.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { enter, hears, openLines } from '../helpers/telephony/lines.ts';
import type { Lines } from '../helpers/telephony/lines.ts';
import { until } from '../helpers/wait.ts';

const ROOM = '123';

let lines: Lines;
beforeAll(async () => {
  lines = await openLines({
    phones: ['alice', 'bob'],
    bridge: {
      rooms: { [ROOM]: null },
      settings: { dialOut: ['bob', 'carol', '2xx'], ringSeconds: 5, maxCallsOut: 1 },
    },
  });
});
afterAll(() => lines.close());
afterEach(() => lines.hangUp());

interface Dialled {
  told: string[];
  end: () => CallEnd | null;
  hangUp: (reason: CloseReason) => void;
}

function dial(target: string): Dialled {
  const told: string[] = [];
  const ends: CallEnd[] = [];
  const hangUp = lines.bridge.bridge.dial(
    { target, invitation: ROOM },
    {
      ringing: () => told.push('ringing'),
      answered: () => told.push('answered'),
      ended: (end) => {
        told.push(end.reason);
        ends.push(end);
      },
    },
  );
  return { told, hangUp, end: () => ends[0] ?? null };
}

async function endOf(dialled: Dialled): Promise<CallEnd | null> {
  const { answer } = await until('the call is over', dialled.end, (end) => end !== null);
  return answer;
}

/** Waits until the phone rings. */
async function ringing(dialled: Dialled, phone: Baresip, before: number): Promise<void> {
  await phone.event('CALL_INCOMING', before);
  await until(
    'it is told that it rings',
    () => dialled.told,
    (told) => told.includes('ringing'),
  );
}

test('it rings, is answered, and the phone is in the room', async () => {
  const [alice, bob] = [lines.phone('alice'), lines.phone('bob')];
  await enter(lines, alice, `${ROOM}#`);
  const dialled = dial('bob');
  await ringing(dialled, bob, 0);
  bob.accept();
  await Promise.all([hears(bob, ['alice'], ['bob']), hears(alice, ['bob'], ['alice'])]);
  expect(() => dial('carol')).toThrow(new DialRefused('too-many-calls'));
  bob.hangUp();
  expect(await endOf(dialled)).toMatchObject({ reason: 'hung-up', fault: 'nobody' });
  expect(dialled.told).toEqual(['ringing', 'answered', 'hung-up']);
});

test('the phone refuses', async () => {
  const bob = lines.phone('bob');
  const before = bob.events.length;
  const dialled = dial('bob');
  await ringing(dialled, bob, before);
  bob.hangUp();
  expect(await endOf(dialled)).toMatchObject({ reason: 'busy', fault: 'phone', sipStatus: 486 });
});

test('the room gives up', async () => {
  const bob = lines.phone('bob');
  const before = bob.events.length;
  const dialled = dial('bob');
  await ringing(dialled, bob, before);
  dialled.hangUp('cancelled');
  await bob.event('CALL_CLOSED', before);
  expect(await endOf(dialled)).toMatchObject({ reason: 'cancelled', answeredAtMs: null });
});

test('nobody answers', async () => {
  const bob = lines.phone('bob');
  const before = bob.events.length;
  const dialled = dial('bob');
  await ringing(dialled, bob, before);
  await bob.event('CALL_CLOSED', before);
  expect(await endOf(dialled)).toMatchObject({ reason: 'no-answer', fault: 'phone' });
});

test('the phone is not there', async () => {
  expect(await endOf(dial('carol'))).toMatchObject({ reason: 'unreachable', sipStatus: 480 });
});

test.each(['alice', '300', '+5491112345678', 'bob@elsewhere.test', 'sip:bob@pbx.test;x=y', ''])(
  'what is not on the list is not called: %s',
  (target) => {
    expect(() => dial(target)).toThrow(new DialRefused('not-allowed'));
  },
);
