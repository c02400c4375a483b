/** What whoever runs the server learns of real calls: the API, health and metrics, at a real PBX. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BridgeStatus } from '../../server/signalling/bridge-status.ts';
import type { CallRecord } from '../../server/signalling/contract/bridge.ts';
import { ApiClient } from '../helpers/api-client.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { callRoom, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { until } from '../helpers/wait.ts';

let conference: TelephoneConference;
let api: ApiClient;
let alice: Baresip;
let number: string;

beforeAll(async () => {
  conference = await startTelephoneConference();
  api = await ApiClient.of(conference.server, 'rooms:write', 'calls:read', 'moderate');
  const made = await api.call<{ room: { number: string } }>('POST', 'rooms', { name: 'line' });
  ({ number } = made.body.room);
  alice = await conference.phone('alice');
});
afterAll(() => conference.stop());

/** The only one, as soon as it is as it should be. */
async function bridge(what: string, isSo: (bridge: BridgeStatus) => boolean): Promise<BridgeStatus> {
  const { answer } = await until(
    `the bridge is told of with ${what}`,
    async () => (await api.call<{ bridges: BridgeStatus[] }>('GET', 'bridges')).body.bridges[0],
    (only) => only !== undefined && isSo(only),
    { timeoutMs: 20_000 },
  );
  return answer!;
}

async function health(): Promise<unknown> {
  return (await fetch(new URL('health', conference.server.url))).json();
}

it('A trunk that is registered is told of as such, with where it leads, and what the bridge has to do', async () => {
  const { trunks, load, calls } = await bridge('a load', (one) => one.load !== null);
  const { host } = new URL(conference.kamailio.wsUrl);
  expect(trunks).toMatchObject([{ name: 'pbx', state: 'registered', calls: 0 }]);
  expect(new URL(trunks[0]!.uri!).host).toBe(host);
  expect(load).toMatchObject({ refusing: false });
  expect(calls).toEqual([]);
  expect(await health()).toMatchObject({ trunks: [{ name: 'pbx', state: 'registered', calls: 0 }] });
});

it('A call is told of while it goes on, is ended by the API, and what became of it is told after', async () => {
  const since = alice.events.length;
  await callRoom(conference, alice, `${number}#`);
  const { calls } = await bridge('a call', (one) => one.trunks[0]?.calls === 1);
  expect(calls).toMatchObject([
    { trunk: 'pbx', direction: 'inbound', number: 'alice', called: CONFERENCE_NUMBER, room: 'line' },
  ]);
  expect(await health()).toMatchObject({ trunks: [{ name: 'pbx', calls: 1 }] });
  const inRooms = await conference.server.metric('tertulia_calls_in_rooms');
  expect(inRooms.get('direction="inbound"')).toBe(1);

  const { participantId } = calls[0]!;
  expect((await api.call('POST', 'rooms/line/remove', { participantId })).status).toBe(200);
  await alice.event('CALL_CLOSED', since, 25_000);
  await conference.recordOf('alice', 'removed');
  const { body } = await api.call<{ calls: CallRecord[] }>('GET', 'calls?room=line');
  expect(body.calls).toMatchObject([
    { callId: calls[0]!.callId, number: 'alice', reason: 'removed', fault: 'nobody', codec: 'PCMU' },
  ]);
  expect(body.calls[0]!.packetsReceived).toBeGreaterThan(50);
  expect((await api.call<string>('GET', 'calls.csv')).body).toContain(`,alice,`);
  const ended = await conference.server.metric('tertulia_calls_ended_total');
  expect(ended.get('direction="inbound",fault="nobody"')).toBe(1);
  expect((await bridge('no call', (one) => one.trunks[0]?.calls === 0)).calls).toEqual([]);
});

it('A trunk whose PBX is gone is told of as down, and why', async () => {
  await conference.kamailio.stop();
  const { trunks } = await bridge('a trunk that is down', ({ trunks: [pbx] }) => pbx?.state === 'failed');
  expect(trunks[0]).toMatchObject({ uri: null, lastProblem: { reason: expect.any(String) as string } });
});
