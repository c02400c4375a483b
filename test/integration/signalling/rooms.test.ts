import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SignalledServer } from '../../helpers/signalled-server.ts';

describe('A room', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start({
      limits: { participantsPerRoom: 3, rooms: 2 },
    });
  });
  afterEach(() => server.empty());
  afterAll(() => server.close());

  it('is found by name, whatever its case, with all that one needs to take part', async () => {
    const [ana, ben] = [await server.client(), await server.client()];
    const first = await ana.join('Chess', 'Ana');
    const second = await ben.join('chess', ' Ben ');
    expect(first).toMatchObject({ resumed: false, role: 'host', dominantSpeaker: null, chat: [] });
    expect(first.participants.map(({ name }) => name)).toEqual(['Ana']);
    expect(second.participants.map(({ name }) => name)).toEqual(['Ana', 'Ben']);
    expect(second.rtpCapabilities.codecs?.map(({ mimeType }) => mimeType.toLowerCase())).toContain(
      'video/vp8',
    );
    expect(second.transports.send.iceCandidates.length).toBeGreaterThan(0);
    expect(second.transports.send.id).not.toBe(second.transports.receive.id);
    expect(second.token).not.toBe(first.token);
    const { participant } = await ana.told('participantJoined');
    expect(participant).toMatchObject({ id: second.participantId, name: 'Ben', connected: true });
    expect(ben.events).toEqual([]);
    expect(server.story).toEqual(['opened chess', 'joined Ana', 'joined Ben']);
  });

  it('tells of people: names, hands, reactions, messages, good-byes', async () => {
    const [ana, ben] = [await server.client(), await server.client()];
    const { participantId } = await ana.join('room', 'Ana');
    await ben.join('room', 'Ben');
    await ana.ask('rename', { name: 'Anna' });
    await ana.ask('raiseHand', { raised: true });
    const up = await ben.told('participantChanged', ({ participant }) => participant.handRaisedAt !== null);
    expect(up.participant).toMatchObject({ id: participantId, name: 'Anna' });
    // Raised again, it keeps its place in the order.
    await ana.ask('raiseHand', { raised: true });
    await ana.ask('react', { reaction: '👏' });
    expect(await ben.told('reaction')).toEqual({ type: 'reaction', participantId, reaction: '👏' });
    const { message } = await ana.ask('chat', { text: '  <b>Hello</b>  ' });
    expect(message).toMatchObject({ participantId, name: 'Anna', text: '<b>Hello</b>' });
    expect((await ben.told('chatMessage')).message).toEqual(message);
    expect((await ana.told('chatMessage')).message).toEqual(message);
    await ana.ask('leave', {});
    expect(await ben.told('participantLeft')).toMatchObject({ participantId, reason: 'left' });
    const hands = ben.events.filter(
      (event) => event.type === 'participantChanged' && event.participant.handRaisedAt !== null,
    );
    expect(hands).toHaveLength(1);
    const late = await server.client();
    expect((await late.join('room', 'Late')).chat).toEqual([message]);
  });

  it('is left by who leaves before having come in', async () => {
    const [ana, ben] = [await server.client(), await server.client()];
    await ana.join('room', 'Ana');
    const joined = ben.join('room', 'Ben');
    await ben.ask('leave', {});
    const { participantId } = await joined;
    expect(await ana.told('participantLeft')).toMatchObject({ participantId, reason: 'left' });
    expect(ben.connected).toBe(true);
  });

  it('ends with the last who leaves, and its chat with it', async () => {
    const ana = await server.client();
    await ana.join('room', 'Ana');
    await ana.ask('chat', { text: 'Nobody reads this.' });
    await ana.ask('leave', {});
    expect(server.story).toEqual(['opened room', 'joined Ana', 'left Ana: left', 'ended room']);
    expect((await ana.join('room', 'Ana')).chat).toEqual([]);
  });

  it('opens once for all who come at the same moment, and goes when all have gone', async () => {
    const clients = await Promise.all([server.client(), server.client(), server.client()]);
    await Promise.all(clients.map((client, index) => client.join('rush', `P${index}`)));
    expect(server.story.filter((line) => line === 'opened rush')).toHaveLength(1);
    await Promise.all(clients.map((client) => client.ask('leave', {})));
    expect(server.conference.roomCount).toBe(0);
    expect(server.sfu.sfu.workers).toHaveLength(1);
    expect(await server.sfu.held()).toBe(0);
  });

  it('takes no more than it may', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => server.client()));
    const results = await Promise.all(
      clients.map((client) => client.say('join', { version: 1, room: 'full', name: 'P' })),
    );
    const refused = results.filter((result) => !result.ok);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ error: { code: 'room-full', retryAfterMs: 5_000 } });
    const other = await server.client();
    await other.join('second', 'Q');
    const last = await server.client();
    expect(await last.refusal('join', { version: 1, room: 'third', name: 'R' })).toMatchObject({
      code: 'too-many-rooms',
    });
    // Whoever was refused may try another.
    expect((await last.join('second', 'R')).participants).toHaveLength(2);
  });
});

describe('A server that drains', () => {
  it('tells everybody, opens nothing new, and is done when the last has left or at its end', async () => {
    const server = await SignalledServer.start();
    try {
      const [ana, ben] = [await server.client(), await server.client()];
      await ana.join('old', 'Ana');
      const deadline = Date.now() + 60_000;
      let drained = false;
      const draining = server.conference.drain().then(() => (drained = true));
      await server.conference.tellOfEnd(deadline);
      expect(await ana.told('serverDraining')).toEqual({ type: 'serverDraining', deadline });
      expect(await ben.refusal('join', { version: 1, room: 'new', name: 'Ben' })).toMatchObject({
        code: 'server-draining',
      });
      await ben.join('old', 'Ben');
      expect(await ben.told('serverDraining')).toEqual({ type: 'serverDraining', deadline });
      await ana.ask('leave', {});
      expect(drained).toBe(false);
      await server.conference.end('server-stopping');
      await draining;
      expect(await ben.told('ended')).toEqual({ type: 'ended', reason: 'server-stopping', by: null });
      await ben.disconnected();
      expect(await server.sfu.held()).toBe(0);
    } finally {
      await server.close();
    }
  });
});
