import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { sleep, until } from '../../helpers/wait.ts';

describe('A participant whose socket drops', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start({ gateway: { resumeMs: 1_000 } });
  });
  afterEach(() => server.empty());
  afterAll(() => server.close());

  it('stays, is told what it missed, and gets new ICE parameters for the same transports', async () => {
    const [ana, ben] = [await server.client(), await server.client()];
    const before = await ana.join('room', 'Ana');
    await ben.join('room', 'Ben');
    await ben.ask('chat', { text: 'one' });
    await ana.told('chatMessage');
    ana.cut();
    const { participant } = await ben.told('participantChanged');
    expect(participant).toMatchObject({ id: before.participantId, connected: false });
    await ben.ask('chat', { text: 'two' });
    await ben.ask('chat', { text: 'three' });

    const again = await server.client();
    const after = await again.join('room', 'Ana', { token: before.token, lastEvent: ana.lastEvent });
    expect(after).toMatchObject({
      resumed: true,
      participantId: before.participantId,
      token: before.token,
    });
    for (const direction of ['send', 'receive'] as const) {
      const [old, now] = [before.transports[direction], after.transports[direction]];
      expect(now.id).toBe(old.id);
      expect(now.iceParameters).not.toEqual(old.iceParameters);
    }
    await again.told('chatMessage', ({ message }) => message.text === 'three');
    const texts = again.events.map((event) => (event.type === 'chatMessage' ? event.message.text : ''));
    expect(texts.filter(Boolean)).toEqual(['two', 'three']);
    await ben.told('participantChanged', ({ participant: { connected } }) => connected);
    expect(server.story).not.toContain('left Ana: connection-lost');
  });

  it.each([
    { reason: 'removed', request: 'remove' },
    { reason: 'room-ended', request: 'endRoom' },
  ] as const)(
    'learns when it is back that a host has ended its stay: $reason',
    async ({ reason, request }) => {
      const [hana, ben] = [await server.client(), await server.client()];
      await hana.join('room', 'Hana');
      const { participantId, token } = await ben.join('room', 'Ben');
      ben.cut();
      await hana.told('participantChanged', ({ participant }) => !participant.connected);
      await hana.say(request, request === 'remove' ? { participantId } : {});
      const again = await server.client();
      const join = { version: 1, room: 'room', name: 'Ben' };
      const result = await again.say('join', { ...join, resume: { token, lastEvent: ben.lastEvent } });
      expect(result).toMatchObject({ ok: true, value: { state: 'ended', reason, by: { name: 'Hana' } } });
      // As somebody new one may come all the same.
      expect(await again.say('join', join)).toMatchObject({
        ok: true,
        value: { state: 'joined', resumed: false },
      });
    },
  );

  it('is let go when it does not come back in time', async () => {
    const [ana, ben] = [await server.client(), await server.client()];
    const { participantId, token } = await ana.join('room', 'Ana');
    await ben.join('room', 'Ben');
    ana.cut();
    const left = await ben.told('participantLeft');
    expect(left).toMatchObject({ participantId, reason: 'connection-lost' });
    const again = await server.client();
    const answer = await again.join('room', 'Ana', { token, lastEvent: ana.lastEvent });
    expect(answer.resumed).toBe(false);
    expect(answer.participantId).not.toBe(participantId);
  });

  it('takes its place back from a socket that nobody has seen die', async () => {
    const ana = await server.client();
    const { participantId, token } = await ana.join('room', 'Ana');
    const again = await server.client();
    const answer = await again.join('room', 'Ana', { token, lastEvent: 0 });
    expect(answer).toMatchObject({ resumed: true, participantId });
    await ana.disconnected();
    // The end of the old socket is not taken for the end of the new one.
    await sleep(1_300);
    await again.ask('rename', { name: 'Ana again' });
    expect(server.story).toEqual(['opened room', 'joined Ana']);
  });

  it('is one participant also when many sockets come back at the same moment', async () => {
    const ana = await server.client();
    const { token } = await ana.join('room', 'Ana');
    const sockets = await Promise.all([1, 2, 3, 4].map(() => server.client()));
    const results = await Promise.all(
      sockets.map((socket) => socket.join('room', 'Ana', { token, lastEvent: 0 }).catch(() => null)),
    );
    expect(results.filter((result) => result?.resumed === false)).toEqual([]);
    await until(
      'one of them is left',
      () => sockets.filter(({ connected }) => connected).length,
      (count) => count === 1,
    );
    const watcher = await server.client();
    expect((await watcher.join('room', 'Watcher')).participants).toHaveLength(2);
  });

  it('is nobody with a wrong token, in another room, or with events that never were', async () => {
    const ana = await server.client();
    const { token, participantId } = await ana.join('room', 'Ana');
    const attempts = [
      ['room', { token: 'guessed', lastEvent: 0 }],
      ['elsewhere', { token, lastEvent: 0 }],
      ['room', { token, lastEvent: 1_000 }],
    ] as const;
    for (const [room, resume] of attempts) {
      const stranger = await server.client();
      const answer = await stranger.join(room, 'Eve', resume);
      expect(answer.resumed).toBe(false);
      expect(answer.participantId).not.toBe(participantId);
    }
    expect(ana.connected).toBe(true);
  });

  it('leaves no token in the log', async () => {
    const ana = await server.client();
    const { token } = await ana.join('room', 'Ana');
    ana.cut();
    const again = await server.client();
    await again.join('room', 'Ana', { token, lastEvent: 0 });
    expect(server.logged.join('')).toContain('participant resumed');
    expect(server.logged.join('')).not.toContain(token);
  });
});
