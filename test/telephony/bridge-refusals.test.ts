/** How calls are refused that the bridge can not carry: so that a PBX knows whose fault it is, and when to try again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../helpers/server-process.ts';
import { Baresip } from '../helpers/telephony/baresip.ts';
import { BRIDGE_PASSWORD, startBridge } from '../helpers/telephony/bridge.ts';
import type { TestBridge } from '../helpers/telephony/bridge.ts';
import { isTold } from '../helpers/telephony/hearing.ts';
import { CONFERENCE_NUMBER, startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';

/** Two for a call. */
const PORTS = 2;

let kamailio: Kamailio;
let bridge: TestBridge;
let alice: Baresip;
let bob: Baresip;
let carol: Baresip;

beforeAll(async () => {
  kamailio = await startKamailio({
    users: { alice: 'alice-pw', bob: 'bob-pw', carol: 'carol-pw', bridge: BRIDGE_PASSWORD },
  });
  const first = 2 * Math.ceil((await freePorts(PORTS + 1)) / 2);
  bridge = await startBridge({
    kamailio,
    trunk: { codecs: ['PCMU'] },
    settings: { mediaPorts: { min: first, max: first + PORTS - 1 } },
  });
  const phone = (user: string, codecs: string[]): Promise<Baresip> =>
    Baresip.start({ user, password: `${user}-pw`, kamailio, tone: 440, codecs });
  [alice, bob, carol] = await Promise.all([
    phone('alice', ['PCMU/8000/1']),
    phone('bob', ['PCMU/8000/1']),
    phone('carol', ['opus/48000/2']),
  ]);
});
afterAll(async () => {
  await Promise.all([alice.close(), bob.close(), carol.close()]);
  await bridge.stop();
  await kamailio.stop();
});

test('one that has no codec in common gets 488', async () => {
  carol.dial(CONFERENCE_NUMBER);
  expect((await carol.event('CALL_CLOSED')).param).toContain('488');
});

test('one for which no port is left is told to try again, and the one that has it goes on', async () => {
  alice.dial(CONFERENCE_NUMBER);
  await alice.event('CALL_ESTABLISHED');
  bob.dial(CONFERENCE_NUMBER);
  // Of 503 a proxy makes 500, as otherwise nobody would call by way of it for a while (RFC 3261, 16.7).
  expect((await bob.event('CALL_CLOSED')).param).toMatch(/^50[03] Service Unavailable/);
  expect(bridge.bridge.state.calls).toBe(1);
  await isTold(alice);
});
