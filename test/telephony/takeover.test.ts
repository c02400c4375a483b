/** A new version takes over while somebody calls: the call goes on where it is, and new calls come in at the new one. */
import { afterEach, describe, expect, test } from 'vitest';
import { freePorts } from '../helpers/server-process.ts';
import type { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import { callRoom, dialConference, startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { hearsNothing, isTold } from '../helpers/telephony/hearing.ts';
import { until } from '../helpers/wait.ts';

/** Of two servers. */
const MEDIA_PORTS = 4;

let conference: TelephoneConference;
let next: ServerProcess | null = null;

afterEach(async () => {
  await next?.close();
  next = null;
  await conference.stop();
});

async function roomWith(server: ServerProcess, room: string, name: string) {
  const client = await SignalClient.connect(server.url, room);
  const { number } = (await client.join(room, name)).room;
  return { client, number: number! };
}

describe.each([
  ['beside the server', false, 'registered at the PBX'],
  ['of its own', true, 'a bridge has come'],
] as const)('a call by a bridge %s', (_where, bridgeApart, bridgeIsThere) => {
  test('goes on at the server that was taken over, and others come in at the new one', async () => {
    const env = { RTC_PORT_BASE: String(await freePorts(MEDIA_PORTS)) };
    conference = await startTelephoneConference({ bridgeApart, env });
    const old = conference.server;
    const [alice, bob, carol] = await Promise.all(
      (['alice', 'bob', 'carol'] as const).map((name) => conference.phone(name)),
    );
    const ana = await roomWith(old, 'old', 'Ana');
    await callRoom(conference, alice!, `${ana.number}#`);
    await hearsNothing(alice!);

    const successor = await old.takenOver();
    next = successor;
    await until(
      'a bridge is at the new one',
      () => successor.log,
      (log) => log.includes(bridgeIsThere),
      { timeoutMs: 60_000 },
    );
    if (!bridgeApart) await expect.poll(() => old.log).toContain('the registration is taken back');
    const ben = await roomWith(successor, 'new', 'Ben');
    await callRoom({ ...conference, server: successor }, bob!, `${ben.number}#`);
    await ben.client.told('participantJoined', ({ participant }) => participant.kind === 'phone');

    // Into a room of the old one no more calls come: she is told to call again later.
    await dialConference(carol!);
    await carol!.key(`${ana.number}#`);
    await isTold(carol!);
    await carol!.event('CALL_CLOSED');
    expect(await conference.recordOf('carol', 'draining')).toMatchObject({ fault: 'room' });

    await hearsNothing(alice!);
    expect(alice!.events.map(({ type }) => type)).not.toContain('CALL_CLOSED');
    expect(ana.client.events.map(({ type }) => type)).not.toContain('participantLeft');
    alice!.hangUp();
    await ana.client.told('participantLeft');
    ana.client.mutter('leave', {});
    expect(await old.ended()).toBe(0);
    expect(await conference.recordOf('alice', 'hung-up')).toMatchObject({ room: 'old' });
    expect(bob!.events.map(({ type }) => type)).not.toContain('CALL_CLOSED');
    for (const { client } of [ana, ben]) client.close();
  }, 240_000);
});
