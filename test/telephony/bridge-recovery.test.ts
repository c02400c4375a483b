/** What breaks between the bridge and its PBX, and what calls notice of it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mediaProcess } from '../helpers/process-tree.ts';
import { Cuttable } from '../helpers/telephony/cuttable.ts';
import { isTold } from '../helpers/telephony/hearing.ts';
import { CONFERENCE_NUMBER, startKamailio } from '../helpers/telephony/kamailio.ts';
import { USERS, arrive, endOf, enter, hears, openLines } from '../helpers/telephony/lines.ts';
import type { Lines } from '../helpers/telephony/lines.ts';
import { until } from '../helpers/wait.ts';

/** What a proxy makes of 503 (RFC 3261, section 16.7), or 503 itself. */
const REFUSED = /^50[03] /;

let way: Cuttable;
let lines: Lines;

beforeEach(async () => {
  lines = await openLines({
    phones: ['alice', 'bob'],
    way: async ({ ports }) => {
      way = await Cuttable.to(ports.ws);
      return `ws://127.0.0.1:${way.port}`;
    },
    bridge: { rooms: { '12': null }, settings: { pingSeconds: 1 } },
  });
});
afterEach(async () => {
  await lines.close();
  way.close();
});

const trunk = () => lines.bridge.bridge.state.trunks['pbx'];

/** @returns how long it took in ms */
async function registeredAgain(): Promise<number> {
  const { tookMs } = await until('the bridge is registered again', trunk, (state) => {
    return state?.server !== null && state?.registration === 'registered';
  });
  return tookMs;
}

/** A call, and who is in it, goes on: sound, keys, and the end are noticed. */
async function goesOn(): Promise<void> {
  const [alice, bob] = [lines.phone('alice'), lines.phone('bob')];
  const guest = lines.bridge.door.guests.find(({ caller }) => caller.party.number === 'alice')!;
  await Promise.all([hears(alice, ['bob'], ['alice']), hears(bob, ['alice'], ['bob'])]);
  // Both can end it: a BYE finds its way in both directions.
  alice.hangUp();
  expect(await endOf(guest)).toMatchObject({ reason: 'hung-up' });
  const before = bob.events.length;
  await bob.key('*8');
  await bob.event('CALL_CLOSED', before);
}

async function bothEnter(): Promise<void> {
  await enter(lines, lines.phone('alice'), '12#');
  await enter(lines, lines.phone('bob'), '12#');
}

test('a connection that is cut: calls go on, and new ones come in', async () => {
  await bothEnter();
  way.cut();
  await until('it is noticed', trunk, (state) => state?.server === null);
  await registeredAgain();
  await goesOn();
  await enter(lines, lines.phone('alice'), '12#');
});

test('a connection that is there no more, without a word', async () => {
  await bothEnter();
  way.goSilent();
  await until('it is noticed', trunk, (state) => state?.server === null);
  way.mend();
  await registeredAgain();
  await goesOn();
});

test('the PBX restarts: calls go on, and new ones come in', async () => {
  await bothEnter();
  await lines.kamailio.kill();
  await until('it is noticed', trunk, (state) => state?.server === null);
  const kamailio = await startKamailio({ users: USERS, ports: lines.kamailio.ports });
  try {
    console.log(`Registered again ${Math.round(await registeredAgain())} ms after the PBX was back.`);
    await goesOn();
    await enter(lines, lines.phone('alice'), '12#');
  } finally {
    await kamailio.stop();
  }
});

test('the media process dies: its calls end, and the next one has media', async () => {
  const guest = await enter(lines, lines.phone('alice'), '12#');
  const killed = mediaProcess();
  expect(killed).not.toBeNull();
  process.kill(killed!, 'SIGKILL');
  expect(await endOf(guest)).toMatchObject({ reason: 'media-down', fault: 'bridge' });
  await lines.phone('alice').event('CALL_CLOSED');
  await until(
    'there is another',
    () => mediaProcess(),
    (pid) => pid !== null && pid !== killed,
  );
  await arrive(lines, lines.phone('bob'));
  await isTold(lines.phone('bob'));
});

test('the media process stands still: calls end, whoever calls is refused, and the next one has media', async () => {
  const [alice, bob] = [lines.phone('alice'), lines.phone('bob')];
  const guest = await enter(lines, alice, '12#');
  const before = bob.events.length;
  process.kill(mediaProcess()!, 'SIGSTOP');
  bob.dial(CONFERENCE_NUMBER);
  expect((await bob.event('CALL_CLOSED', before)).param).toMatch(REFUSED);
  expect(await endOf(guest)).toMatchObject({ reason: 'media-down', fault: 'bridge' });
  await alice.event('CALL_CLOSED');
  await arrive(lines, bob);
  await isTold(bob);
});
