/** What telephones notice of a bridge, or of the server behind it, that is about to stop. */
import { afterEach, describe, expect, test } from 'vitest';
import { childrenOf, isRunning } from '../helpers/process-tree.ts';
import type { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import { callRoom, dialConference, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { hearsNothing, isTold } from '../helpers/telephony/hearing.ts';
import { CONFERENCE_NUMBER } from '../helpers/telephony/kamailio.ts';
import { arrive, endOf, enter, openLines } from '../helpers/telephony/lines.ts';
import { until } from '../helpers/wait.ts';

/** What a proxy makes of 503 (RFC 3261, section 16.7), or 503 itself. */
const REFUSED = /^50[03] /;

test('a bridge whose server stops tells callers, and takes no calls until there is one again', async () => {
  const lines = await openLines({ phones: ['alice', 'bob'], bridge: { rooms: { '12': null } } });
  try {
    const [alice, bob] = [lines.phone('alice'), lines.phone('bob')];
    const guest = await enter(lines, alice, '12#');
    await hearsNothing(alice);
    lines.bridge.bridge.serverStops(Date.now() + 60_000);
    await isTold(alice);
    bob.dial(CONFERENCE_NUMBER);
    expect((await bob.event('CALL_CLOSED')).param).toMatch(REFUSED);
    expect(guest.end).toBeNull();
    lines.bridge.bridge.serverStops(null);
    await arrive(lines, bob);
    bob.hangUp();
    // Its own end: callers may go on for a while.
    const stopped = lines.bridge.bridge.drain(60_000);
    alice.hangUp();
    expect(await endOf(guest)).toMatchObject({ reason: 'hung-up' });
    await stopped;
  } finally {
    await lines.close();
  }
});

test('a caller who is still asked for a room is told as well, and said good-bye to when the server stops', async () => {
  const lines = await openLines({ phones: ['alice'], bridge: { rooms: { '12': null } } });
  try {
    const alice = lines.phone('alice');
    const guest = await arrive(lines, alice);
    await hearsNothing(alice);
    const { bridge } = lines.bridge;
    bridge.serverStops(Date.now() + 6_000);
    await isTold(alice);
    await alice.event('CALL_CLOSED');
    expect(await endOf(guest)).toMatchObject({ reason: 'unavailable' });
  } finally {
    await lines.close();
  }
});

async function ended(pid: number): Promise<void> {
  await until(
    'the process has ended',
    () => isRunning(pid),
    (runs) => !runs,
  );
}

describe('a server with a bridge beside it', () => {
  let conference: TelephoneConference;
  afterEach(() => conference.stop());

  const bridgeOf = ({ pid }: ServerProcess): number | undefined =>
    childrenOf(pid).find(({ command }) => command.includes('bridge/beside-server.ts'))?.pid;

  test('drains: calls go on until the deadline, though all processes are told to stop, and hear of it', async () => {
    conference = await startTelephoneConference({ env: { DRAIN_SECONDS: '8' } });
    const { server } = conference;
    const [alice, bob] = [await conference.phone('alice'), await conference.phone('bob')];
    const ana = await SignalClient.connect(server.url);
    const { room } = await ana.join('room', 'Ana');
    await callRoom(conference, alice, `${room.number}#`);
    await ana.told('participantJoined', ({ participant }) => participant.kind === 'phone');
    await hearsNothing(alice);

    const bridge = bridgeOf(server);
    // As a service manager does.
    for (const { pid, command } of childrenOf(server.pid)) {
      if (command.includes('bridge/')) process.kill(pid, 'SIGTERM');
    }
    process.kill(server.pid, 'SIGTERM');
    await ana.told('serverDraining');
    await isTold(alice);
    bob.dial(CONFERENCE_NUMBER);
    expect((await bob.event('CALL_CLOSED')).param).toMatch(REFUSED);
    // All that came from there has long been carried out: the call is still there.
    await hearsNothing(alice);
    expect(alice.events.map(({ type }) => type)).not.toContain('CALL_CLOSED');
    expect(ana.events.map(({ type }) => type)).not.toContain('participantLeft');

    await ana.told('ended');
    await isTold(alice);
    await alice.event('CALL_CLOSED');
    await ended(server.pid);
    expect(await server.stop()).toBe(0);
    expect(await conference.recordOf('alice', 'unavailable')).toMatchObject({ room: 'room', fault: 'room' });
    expect(isRunning(bridge!)).toBe(false);
  });

  test('is killed: its bridge says good-bye to callers, and ends', async () => {
    conference = await startTelephoneConference();
    const alice = await conference.phone('alice');
    await dialConference(alice);
    const bridge = bridgeOf(conference.server);
    await conference.server.kill();
    await alice.event('CALL_CLOSED');
    await ended(bridge!);
  });
});
