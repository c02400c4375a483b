/** A new version takes over: rooms go on where they are, and nobody in them notices. */
import { io } from 'socket.io-client';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { closeLibrary } from '../../helpers/rtc-end.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { Upgrades } from '../../helpers/upgrades.ts';
import { sleep, until } from '../../helpers/wait.ts';

/** Several servers are started one after the other, in ms. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const upgrades = new Upgrades();

afterEach(() => upgrades.close());
afterAll(() => closeLibrary());

describe('A server that another one takes over from', () => {
  it('goes on with its room: no packet is lost, newcomers and those who come back meet there', async () => {
    const old = await upgrades.first();
    const [ana, ben] = [
      await SignalledParticipant.join(old.url, 'old', 'Ana'),
      await SignalledParticipant.join(old.url, 'old', 'Ben'),
    ];
    const voice = await ana.microphone();
    voice.microphone.speak();
    const { publicationId: picture } = await ana.camera();
    await ben.signal.told('publicationAdded', ({ publication }) => publication.id === picture);
    await ben.show([picture], 1_280, 720);
    const flows = () => [voice.publicationId, picture].map((id) => ben.packetsOf(id));
    await until('sound and picture', flows, (packets) => Math.min(...packets) > 100);

    const before = { packets: flows(), missing: missing() };
    const next = await upgrades.next(old);
    await sleep(1_000);
    expect(missing()).toEqual(before.missing);
    expect(Math.min(...flows().map((packets, i) => packets - before.packets[i]!))).toBeGreaterThan(30);

    // By the port that the new one has now.
    const carla = await SignalledParticipant.join(next.url, 'old', 'Carla');
    expect(carla.answer.participants.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben', 'Carla']);
    await until(
      'Carla hears Ana',
      () => carla.heardIn(100),
      (heard) => heard.includes(voice.publicationId),
    );
    const { token } = ben.answer;
    ben.signal.cut();
    const again = await SignalClient.connect(next.url, 'old');
    const resumed = await again.join('old', 'Ben', { token, lastEvent: ben.signal.lastEvent });
    expect(resumed).toMatchObject({ resumed: true, participantId: ben.id });
    expect(missing()).toEqual(before.missing);

    const diego = await SignalledParticipant.join(next.url, 'new', 'Diego');
    expect(diego.answer.participants).toHaveLength(1);
    expect(portsOf(diego)).not.toEqual(portsOf(carla));
    await ana.leave();
    await carla.leave();
    // The server may be gone before it has answered.
    again.mutter('leave', {});
    ben.vanish();
    expect(await old.ended()).toBe(0);

    const eva = await SignalledParticipant.join(next.url, 'old', 'Eva');
    expect(eva.answer.participants).toHaveLength(1);
    expect(next.log).toContain('the server before has ended');
    for (const participant of [diego, eva]) await participant.leave();
    again.close();

    function missing(): number[] {
      return [voice.publicationId, picture].map((id) => ben.missingOf(id));
    }
  });

  it('is asked about its rooms by way of the new one, which opens none of them itself', async () => {
    const old = await upgrades.first();
    const ana = await SignalClient.connect(old.url, 'old');
    await ana.join('old', 'Ana');
    const next = await upgrades.next(old);
    const [key] = (await next.command('keys', 'add', 'test', '--scope', 'admin')).split('\n');
    const headers = { authorization: `Bearer ${key!}`, 'content-type': 'application/json' };
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(new URL(path, next.url), { headers, ...init });
    expect(await (await ask('api/rooms/OLD')).json()).toMatchObject({
      room: { name: 'old', participants: 1 },
    });

    // Without the room in the handshake it is not known in time where it leads.
    const stray = await SignalClient.connect(next.url);
    expect(await stray.refusal('join', { version: 1, room: 'old', name: 'Ben' })).toMatchObject({
      code: 'server-draining',
      retryAfterMs: 3_000,
    });
    stray.close();

    const polling = io(next.url, { transports: ['polling'], query: { room: 'old' }, forceNew: true });
    const answer: unknown = await polling
      .timeout(10_000)
      .emitWithAck('join', { version: 1, room: 'old', name: 'Ben' });
    expect(answer).toMatchObject({ ok: true, value: { state: 'joined' } });
    expect((await ask('api/rooms/old', { method: 'DELETE', body: '{}' })).ok).toBe(true);
    expect(await ana.told('ended')).toMatchObject({ reason: 'room-ended' });
    polling.close();
    expect(await old.ended()).toBe(0);
    expect((await ask('api/rooms/old')).status).toBe(404);
  });
});

function portsOf({ answer }: SignalledParticipant): number[] {
  return answer.transports.send.iceCandidates.map(({ port }) => port).slice(0, 1);
}
