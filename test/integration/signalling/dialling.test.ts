/** Calls out of a room: from a host's socket to the bridge's, and how they go. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BRIDGE_VERSION, bridgeRequests } from '../../../server/signalling/contract/bridge.ts';
import type { DialRequest } from '../../../server/signalling/contract/bridge.ts';
import type { DialState } from '../../../server/signalling/contract.ts';
import { caughtUp, comeIn } from '../../helpers/assembly.ts';
import type { Person } from '../../helpers/assembly.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { until } from '../../helpers/wait.ts';

/** What bridges tell of a call: all but the first are ends of it. */
const TOLD = bridgeRequests.dialProgress.shape.state.options;
const DESTINATION = '+54 11 5555-0000';

let server: SignalledServer;
let bridge: BridgeClient;
let hana: Person;
let ana: Person;

beforeEach(async () => {
  server = await SignalledServer.start();
  bridge = await BridgeClient.connect(server.url);
  await bridge.hello();
  hana = await comeIn(server, 'room', 'Hana');
  ana = await comeIn(server, 'room', 'Ana');
});
afterEach(async () => {
  expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  bridge.close();
  await server.close();
});

/** Calls, and waits until the bridge is asked to. */
async function callOut(): Promise<DialRequest> {
  const { dial } = await hana.client.ask('callOut', { destination: DESTINATION });
  const { answer } = await until(
    'the bridge is asked',
    () => bridge.dials.find(({ dialId }) => dialId === dial.id),
    (found) => found !== undefined,
  );
  if (!answer) throw new Error('What was asked is gone.');
  return answer;
}

/** How all calls went, as somebody was told. */
async function toldTo(person: Person): Promise<DialState[]> {
  await caughtUp(person);
  return person.client.events.flatMap((event) => (event.type === 'dialChanged' ? [event.dial.state] : []));
}

describe('Whether telephones can be called', () => {
  /** As somebody was told last. */
  async function callsOut(person: Person): Promise<boolean> {
    await caughtUp(person);
    const told = person.client.events.flatMap((event) => (event.type === 'roomChanged' ? [event.room] : []));
    return (told.at(-1) ?? person.answer.room).callsOut;
  }

  it('is told to those who may, and when it changes', async () => {
    expect([await callsOut(hana), await callsOut(ana)]).toEqual([true, false]);
    bridge.close();
    await until(
      'it is told that nobody is there any more',
      () => callsOut(hana),
      (can) => !can,
    );
    bridge = await BridgeClient.connect(server.url);
    await bridge.hello();
    expect([await callsOut(hana), await callsOut(ana)]).toEqual([true, false]);
  });
});

describe('A call out of a room', () => {
  it('is known to another host who comes in meanwhile', async () => {
    const { dialId } = await callOut();
    const key = hana.answer.hostKey;
    const again = await comeIn(server, 'room', 'Hana again', key === null ? {} : { hostKey: key });
    expect(again.answer.dials).toMatchObject([{ id: dialId, state: 'dialling' }]);
    const other = await comeIn(server, 'room', 'Bruno');
    expect(other.answer.dials).toEqual([]);
    await hana.client.ask('setRole', { participantId: other.answer.participantId, role: 'cohost' });
    await other.client.told('dialChanged', ({ dial }) => dial.id === dialId && dial.state === 'dialling');
  });

  it('rings, is answered and comes in, as those are told who may invite', async () => {
    const request = await callOut();
    expect(request).toMatchObject({ room: 'room', destination: DESTINATION });
    await bridge.ask('dialProgress', { dialId: request.dialId, state: 'ringing' });
    const call = bridge.call({ number: '+541155550000' });
    expect(await call.accept(request)).toMatchObject({ state: 'joined', count: 3, room: 'room' });
    expect(await toldTo(hana)).toEqual(['dialling', 'ringing', 'answered']);
    expect(await toldTo(ana)).toEqual([]);
    const { dial } = await hana.client.told('dialChanged');
    expect(dial).toMatchObject({ destination: DESTINATION, by: 'Hana' });
  });

  it.each(TOLD.filter((state) => state !== 'ringing'))('is told to be %s, once', async (state) => {
    const { dialId } = await callOut();
    await bridge.ask('dialProgress', { dialId, state });
    await bridge.ask('dialProgress', { dialId, state: 'ringing' });
    expect(await toldTo(hana)).toEqual(['dialling', state]);
  });

  it('needs no PIN, nor to wait, in a locked room with a lobby and a PIN', async () => {
    const settings = { lobby: true, locked: true };
    const made = await server.conference.makeRoom({ name: 'closed', pin: '2468', settings });
    hana = await comeIn(server, 'closed', 'Hana', { hostKey: made!.hostKey });
    expect(await bridge.call().accept(await callOut())).toMatchObject({ state: 'joined', room: 'closed' });
  });

  it('is called off; who answers all the same does not come in', async () => {
    const request = await callOut();
    await hana.client.ask('cancelCallOut', { dialId: request.dialId });
    await until(
      'the bridge is told',
      () => bridge.cancelled,
      (cancelled) => cancelled.includes(request.dialId),
    );
    expect(await bridge.call().accept(request)).toEqual({ state: 'refused', reason: 'unavailable' });
    expect(await toldTo(hana)).toEqual(['dialling', 'cancelled']);
  });

  it('is called off when its room ends; who answers all the same does not come in', async () => {
    const made = await server.conference.makeRoom({ name: 'lasting' });
    hana = await comeIn(server, 'lasting', 'Hana', { hostKey: made!.hostKey });
    const request = await callOut();
    await hana.client.ask('leave', {});
    await until(
      'the bridge is told',
      () => bridge.cancelled,
      (cancelled) => cancelled.includes(request.dialId),
    );
    expect(await bridge.call().accept(request)).toEqual({ state: 'refused', reason: 'unavailable' });
  });

  it('does not come in where it was not called from, nor twice', async () => {
    const request = await callOut();
    expect(await bridge.call().accept({ ...request, dialId: 'another' })).toMatchObject({ state: 'refused' });
    expect(await bridge.call().accept(request)).toMatchObject({ state: 'joined' });
    expect(await bridge.call().accept(request)).toMatchObject({ state: 'refused' });
  });

  it('is not everybody’s to make, nor to call off', async () => {
    const { dialId } = await callOut();
    const { code } = await ana.client.refusal('callOut', { destination: DESTINATION });
    expect(code).toBe('forbidden');
    expect((await ana.client.refusal('cancelCallOut', { dialId })).code).toBe('forbidden');
    const stranger = await comeIn(server, 'elsewhere', 'Eve');
    await stranger.client.ask('cancelCallOut', { dialId });
    expect(await toldTo(hana)).toEqual(['dialling']);
  });

  it('is one of no more than may be made at a time', async () => {
    await callOut();
    const { dialId } = await callOut();
    const again = { destination: DESTINATION };
    expect((await hana.client.refusal('callOut', again)).code).toBe('too-many-calls');
    await bridge.ask('dialProgress', { dialId, state: 'busy' });
    await callOut();
  });

  it('fails when its bridge is gone, and can not be made without one', async () => {
    await callOut();
    bridge.close();
    await hana.client.told('dialChanged', ({ dial }) => dial.state === 'no-line');
    const { code } = await hana.client.refusal('callOut', { destination: DESTINATION });
    expect(code).toBe('calls-unavailable');
  });

  it('can not be made over a bridge that may not, or whose lines are down', async () => {
    const trunk = { name: 'pbx', reason: null, calls: 0 };
    for (const [state, callsOut] of [
      ['registered', false],
      ['failed', true],
    ] as const) {
      await bridge.ask('hello', { version: BRIDGE_VERSION, trunks: [{ ...trunk, state }], callsOut });
      const { code } = await hana.client.refusal('callOut', { destination: DESTINATION });
      expect(code).toBe('calls-unavailable');
    }
  });

  it('is not made any more by a server that drains, which tells its bridges, also one that comes late', async () => {
    const deadline = Date.now() + 60_000;
    server.bridges.tellOfEnd(deadline);
    const late = await BridgeClient.connect(server.url);
    for (const told of [bridge, late]) {
      await until(
        'the bridge is told',
        () => told.notices.map((notice) => notice.deadline),
        (deadlines) => deadlines.includes(deadline),
      );
    }
    late.close();
    const { code } = await hana.client.refusal('callOut', { destination: DESTINATION });
    expect(code).toBe('calls-unavailable');
  });

  it('goes by the bridge that has the least to do', async () => {
    const other = await BridgeClient.connect(server.url);
    await other.hello();
    await bridge.call().accept(await callOut());
    await hana.client.ask('callOut', { destination: DESTINATION });
    await until(
      'the other one is asked',
      () => other.dials.length,
      (count) => count === 1,
    );
    other.close();
  });
});
