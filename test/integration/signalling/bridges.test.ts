/** What a bridge is answered at the door of the server, and of rooms. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BRIDGE_VERSION, bridgeRequests } from '../../../server/signalling/contract/bridge.ts';
import type { BridgeRequestName, CallRecord } from '../../../server/signalling/contract/bridge.ts';
import type { CallRecordFilter } from '../../../server/store/call-records.ts';
import { comeIn } from '../../helpers/assembly.ts';
import { BridgeClient } from '../../helpers/bridge-client.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { until } from '../../helpers/wait.ts';

const NAMES = Object.keys(bridgeRequests);
const FITTING = new Set(['invalid-request', 'version-mismatch']);

function overTheWire(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** All records of calls to a room. */
function recordsOf(room: string): CallRecordFilter {
  return {
    ...{ room, trunk: null, direction: null },
    ...{ from: 0, until: null, olderThan: null, limit: 10 },
  };
}

describe('A bridge', () => {
  let server: SignalledServer;
  let bridge: BridgeClient;
  let rooms = 0;

  beforeAll(async () => {
    server = await SignalledServer.start();
    bridge = await BridgeClient.connect(server.url);
  });
  afterEach(async () => {
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    await server.empty();
  });
  afterAll(async () => {
    bridge.close();
    await server.close();
  });

  /** A room that lasts, where nobody is. */
  async function makeRoom(
    start: Partial<Parameters<SignalledServer['conference']['makeRoom']>[0]> = {},
  ): Promise<{ name: string; number: string; hostKey: string }> {
    const made = await server.conference.makeRoom({ name: `room-${++rooms}`, ...start });
    if (!made) throw new Error('The name is taken.');
    return { ...made.record, hostKey: made.hostKey };
  }

  describe('at the door of the server', () => {
    it.each([{ secret: 'a secret between server and burglars' }, { secret: 1 }, {}])(
      'is not let in with %j',
      async (auth) => {
        await expect(BridgeClient.connect(server.url, auth)).rejects.toThrow('secret');
        expect(server.logged.join('')).not.toContain('burglars');
      },
    );

    it.each(NAMES)('is refused %s with anything that does not fit', async (name) => {
      const schema = bridgeRequests[name as BridgeRequestName];
      await fc.assert(
        fc.asyncProperty(
          fc.anything({ maxDepth: 3, withNullPrototype: false }).filter((value) => {
            return !schema.safeParse(overTheWire(value)).success;
          }),
          async (payload) => {
            expect(FITTING).toContain((await bridge.refusal(name, overTheWire(payload))).code);
          },
        ),
        { numRuns: 20 },
      );
      expect(bridge.connected).toBe(true);
    });

    it('is told so when it is of another age, or asks for what there is not', async () => {
      const { code } = await bridge.refusal('hello', {
        version: BRIDGE_VERSION + 1,
        trunks: [],
        callsOut: false,
      });
      expect(code).toBe('version-mismatch');
      for (const name of ['call', 'constructor', '__proto__', 'x'.repeat(5_000)]) {
        expect((await bridge.refusal(name, {})).code).toBe('invalid-request');
      }
    });

    it('can do nothing for a call that is not there, or in no room', async () => {
      const { number } = await makeRoom({ pin: '2468' });
      const call = bridge.call();
      await call.enter(number);
      for (const callId of [call.callId, 'no-such-call']) {
        const requests = {
          setMuted: { callId, muted: true },
          raiseHand: { callId, raised: true },
          chat: { callId, text: 'Hello' },
        };
        for (const [name, payload] of Object.entries(requests)) {
          expect((await bridge.refusal(name, payload)).code).toBe('not-joined');
        }
        await bridge.ask('leave', { callId });
      }
    });
  });

  describe('at the door of a room', () => {
    it('gets in by the number, as a participant of kind phone', async () => {
      const { name, number } = await makeRoom();
      const answer = await bridge.call({ name: 'Alicia' }).join(number);
      expect(answer).toMatchObject({ room: name, count: 1, muted: false, mayUnmute: true, voices: [] });
      const { answer: picture } = await comeIn(server, name, 'Ana');
      expect(picture.participants.find(({ id }) => id === answer.participantId)).toMatchObject({
        name: 'Alicia',
        kind: 'phone',
        role: 'participant',
      });
    });

    it('is told of a number that is no room’s', async () => {
      expect(await bridge.call().enter('1')).toEqual({ state: 'unknown-room' });
    });

    it('is asked for the PIN, and told when it is wrong; neither is in the log', async () => {
      const { number } = await makeRoom({ pin: '271828' });
      const call = bridge.call({ trunk: 'asked', number: '1001' });
      expect(await call.enter(number)).toEqual({ state: 'pin-needed' });
      expect(await call.enter(number, '314159')).toEqual({ state: 'pin-wrong', triesLeft: 5 });
      expect(await call.enter(number, '314159')).toEqual({ state: 'pin-wrong', triesLeft: 4 });
      expect(await call.enter(number, '271828')).toMatchObject({ state: 'joined' });
      expect(server.logged.join('')).not.toMatch(/271828|314159/);
    });

    it('is not listened to any more for a caller who guesses, over however many calls; others are', async () => {
      const { number } = await makeRoom({ pin: '271828' });
      const left: number[] = [];
      for (let i = 0; i < 6; i += 1) {
        const answer = await bridge.call({ trunk: 'guessed', number: '1002' }).enter(number, '0000');
        if (answer.state === 'pin-wrong') left.push(answer.triesLeft);
      }
      expect(left).toEqual([5, 4, 3, 2, 1, 0]);
      const again = bridge.call({ trunk: 'guessed', number: '1002' });
      expect(await again.enter(number, '271828')).toEqual({ state: 'refused', reason: 'unavailable' });
      const other = bridge.call({ trunk: 'guessed', number: '1003' });
      expect(await other.enter(number, '271828')).toMatchObject({ state: 'joined' });
    });

    it('is not listened to for a room whose PIN is guessed by many', async () => {
      const { number } = await makeRoom({ pin: '271828' });
      for (let i = 0; i < 12; i += 1) {
        const call = bridge.call({ trunk: 'many', number: `11${i}` });
        expect(await call.enter(number, '0000')).toMatchObject({ state: 'pin-wrong' });
      }
      const right = bridge.call({ trunk: 'elsewhere', number: '1200' });
      expect(await right.enter(number, '271828')).toEqual({ state: 'refused', reason: 'unavailable' });
    });

    it('is not listened to over a line by which all numbers are tried; over another it is', async () => {
      const { number } = await makeRoom();
      const trunk = 'tried';
      for (let i = 0; i < 200; i += 1) await bridge.call({ trunk, number: `13${i}` }).enter(`${i}`);
      const refused = { state: 'refused', reason: 'unavailable' };
      expect(await bridge.call({ trunk, number: '1400' }).enter(number)).toEqual(refused);
      expect(await bridge.call({ number: '1400' }).enter(number)).toMatchObject({ state: 'joined' });
    });

    it('waits until a host admits the caller', async () => {
      const { name, number, hostKey } = await makeRoom({ settings: { lobby: true } });
      const hana = await comeIn(server, name, 'Hana', { hostKey });
      const call = bridge.call({ number: '1005' });
      expect(await call.enter(number)).toEqual({ state: 'waiting', waitingFor: 'lobby' });
      const { waiting } = await hana.client.told('waitingChanged', ({ waiting: who }) => who.length === 1);
      expect(waiting[0]).toMatchObject({ kind: 'phone' });
      await hana.client.ask('writeToWaiting', { knockId: waiting[0]!.id, text: 'One moment' });
      expect(await call.isTold('chat')).toMatchObject({ name: 'Hana', text: 'One moment' });
      await hana.client.ask('admit', { knockIds: [waiting[0]!.id] });
      expect(await call.isTold('joined')).toMatchObject({ room: name, count: 2, mayUnmute: true });
    });

    it('is told when a host denies the caller, who does not wait again for a while', async () => {
      const { name, number, hostKey } = await makeRoom({ settings: { lobby: true } });
      const hana = await comeIn(server, name, 'Hana', { hostKey });
      const call = bridge.call({ number: '1500' });
      await call.enter(number);
      await hana.client.told('waitingChanged', ({ waiting }) => waiting.length === 1);
      await hana.client.ask('deny', { knockIds: 'all' });
      expect(await call.isTold('refused')).toMatchObject({ reason: 'denied' });
      const again = bridge.call({ number: '1500' });
      expect(await again.enter(number)).toEqual({ state: 'refused', reason: 'denied' });
      expect(await bridge.call({ number: '1501' }).enter(number)).toMatchObject({ state: 'waiting' });
    });

    it('takes a caller who hangs up out of the queue', async () => {
      const { name, number, hostKey } = await makeRoom({ settings: { lobby: true } });
      const hana = await comeIn(server, name, 'Hana', { hostKey });
      const call = bridge.call();
      await call.enter(number);
      await hana.client.told('waitingChanged', ({ waiting }) => waiting.length === 1);
      await bridge.ask('leave', { callId: call.callId });
      await hana.client.told('waitingChanged', ({ waiting }) => waiting.length === 0);
    });

    it('waits for a host where there has to be one', async () => {
      const { name, number, hostKey } = await makeRoom({ settings: { hostRequired: true } });
      const call = bridge.call();
      expect(await call.enter(number)).toEqual({ state: 'waiting', waitingFor: 'host' });
      await comeIn(server, name, 'Hana', { hostKey });
      await call.isTold('joined');
    });

    it('is refused where it is locked, where it is full, and where the caller was put out for good', async () => {
      const locked = await makeRoom({ settings: { locked: true } });
      expect(await bridge.call().enter(locked.number)).toEqual({ state: 'refused', reason: 'locked' });
      const full = await makeRoom({ settings: { maxParticipants: 1 } });
      await comeIn(server, full.name, 'Ana');
      expect(await bridge.call().enter(full.number)).toEqual({ state: 'refused', reason: 'full' });

      const { name, number, hostKey } = await makeRoom();
      const hana = await comeIn(server, name, 'Hana', { hostKey });
      const call = bridge.call({ number: '1006' });
      const { participantId } = await call.join(number);
      await hana.client.ask('ban', { participantId });
      expect(await call.isTold('refused')).toMatchObject({ reason: 'removed' });
      const again = bridge.call({ number: '1006' });
      expect(await again.enter(number)).toEqual({ state: 'refused', reason: 'removed' });
      expect(await bridge.call({ number: '1007' }).enter(number)).toMatchObject({ state: 'joined' });
    });

    it('can not bring a call in twice', async () => {
      const { number } = await makeRoom();
      const call = bridge.call();
      await call.join(number);
      await expect(call.enter(number)).rejects.toThrow('already-joined');
    });
  });

  it('loses its callers at once when it is cut off, and nobody else', async () => {
    const { name, number } = await makeRoom();
    const ana = await comeIn(server, name, 'Ana');
    const other = await BridgeClient.connect(server.url);
    const gone = [await other.call().join(number), await other.call().join(number)];
    const stays = await bridge.call().join(number);
    other.cut();
    for (const { participantId } of gone) {
      const left = await ana.client.told('participantLeft', (event) => event.participantId === participantId);
      expect(left.reason).toBe('connection-lost');
    }
    const { answer } = await comeIn(server, name, 'Bruno');
    expect(answer.participants.map(({ id }) => id)).toContain(stays.participantId);
    expect(answer.participants).toHaveLength(3);
  });

  it('is known by its trunks', async () => {
    await bridge.hello('somewhere');
    const { trunks } = server.bridges.status.find(({ trunks: [trunk] }) => trunk?.name === 'somewhere')!;
    const isNow = expect.any(Number) as number;
    expect(trunks).toEqual([
      {
        ...{ name: 'somewhere', state: 'registered', uri: null, reason: null, calls: 0 },
        ...{ since: isNow, lastProblem: null },
      },
    ]);
    expect(server.bridges.status).toHaveLength(1);
  });

  it('has each record kept once', async () => {
    const record: CallRecord = {
      ...{ callId: 'a-call', direction: 'inbound', trunk: 'pbx', number: '1008', name: null, called: '800' },
      ...{ room: 'kept', startedAt: 1_000, answeredAt: 2_000, endedAt: 3_000, reason: 'hung-up' },
      ...{ fault: 'nobody', sipStatus: 200, failedPins: 1, leg: 'plain', codec: 'PCMU' },
      ...{ packetsReceived: 50, packetsLost: 2, jitterMs: 1.5 },
    };
    await bridge.ask('record', record);
    await bridge.ask('record', { ...record, reason: 'busy' });
    expect(server.store.callRecords.find(recordsOf('kept'))).toEqual([record]);
  });

  it('has the record of a caller who did not get in kept with the room that was asked for', async () => {
    const { name, number } = await makeRoom({ pin: '271828' });
    const call = bridge.call({ number: '1009' });
    expect(await call.enter(number, '314159')).toMatchObject({ state: 'pin-wrong' });
    await bridge.ask('record', {
      ...{
        callId: call.callId,
        direction: 'inbound',
        trunk: 'pbx',
        number: '1009',
        name: null,
        called: '800',
      },
      ...{ room: null, startedAt: 1_000, answeredAt: 2_000, endedAt: 3_000, reason: 'pin-wrong' },
      ...{ fault: 'caller', sipStatus: 200, failedPins: 1, leg: 'plain', codec: 'PCMU' },
      ...{ packetsReceived: 50, packetsLost: 0, jitterMs: 1.5 },
    });
    expect(server.store.callRecords.find(recordsOf(name))).toMatchObject([
      { callId: call.callId, room: name },
    ]);
  });

  it('is gone from what is known when it is gone', async () => {
    const other = await BridgeClient.connect(server.url);
    await other.hello();
    other.close();
    await until(
      'one bridge is left',
      () => server.bridges.status.length,
      (count) => count === 1,
    );
  });
});
