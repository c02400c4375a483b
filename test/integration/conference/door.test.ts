import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { comeIn } from '../../helpers/assembly.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';

const join = (room: string, more: object = {}) => ({ version: 1, room, name: 'Eve', ...more });

describe('The door of a room', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    const host = { subject: 'hana', role: 'host' } as const;
    server = await SignalledServer.start({
      identities: { host, nobody: { mayMakeRooms: false }, teacher: { name: 'Dr. Real', role: 'cohost' } },
    });
  });
  afterEach(async () => {
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    await server.empty();
  });
  afterAll(() => server.close());

  it('asks for the password, of everybody but hosts, and never tells it', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const { room } = await hana.client.ask('changeRoom', { password: 'open sesame' });
    expect(room.hasPassword).toBe(true);
    expect((await hana.client.told('roomChanged')).room).toEqual(room);
    const eve = await server.client();
    expect(await eve.refusal('join', join('room'))).toMatchObject({ code: 'password-required' });
    expect(await eve.refusal('join', join('room', { password: 'open says me' }))).toMatchObject({
      code: 'wrong-password',
    });
    expect(await eve.join('room', 'Eve', undefined, { password: 'open sesame' })).toMatchObject({
      role: 'participant',
      room: { hasPassword: true },
    });
    const again = await server.client();
    const { role } = await again.join('room', 'Hana', undefined, { hostKey: hana.answer.hostKey! });
    expect(role).toBe('host');
    await hana.client.ask('changeRoom', { password: null });
    await comeIn(server, 'room', 'Late');
    expect(server.logged.join('')).not.toContain('sesame');
    expect(server.logged.join('')).not.toContain(hana.answer.hostKey);
  });

  it('lets nobody try passwords without end, and others go on', async () => {
    const hana = await comeIn(server, 'guess', 'Hana');
    await hana.client.ask('changeRoom', { password: 'right' });
    const codes = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const eve = await server.client();
        return (await eve.refusal('join', join('guess', { password: `wrong ${index}` }))).code;
      }),
    );
    expect(codes.filter((code) => code === 'wrong-password')).toHaveLength(20);
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(20);
    const eve = await server.client();
    const refusal = await eve.refusal('join', join('guess', { password: 'right' }));
    expect(refusal.code).toBe('rate-limited');
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    // The right one does not count, and neither do other rooms.
    const other = await comeIn(server, 'other', 'Olga');
    await other.client.ask('changeRoom', { password: 'right' });
    for (let index = 0; index < 22; index += 1) {
      const ben = await server.client();
      await ben.join('other', `Ben ${index}`, undefined, { password: 'right' });
    }
  });

  it('is locked for all who come anew, and not for those whose socket dropped', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    await hana.client.ask('changeRoom', { settings: { locked: true } });
    const eve = await server.client();
    expect((await eve.refusal('join', join('room'))).code).toBe('room-locked');
    ben.client.cut();
    const again = await server.client();
    const { token } = ben.answer;
    const back = await again.join('room', 'Ben', { token, lastEvent: ben.client.lastEvent });
    expect(back.resumed).toBe(true);
    expect((await eve.join('room', 'Hana', undefined, { token: 'host' })).role).toBe('host');
  });

  it('lets in as many as the room may hold, and hosts besides', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    await hana.client.ask('changeRoom', { settings: { maxParticipants: 2 } });
    await comeIn(server, 'room', 'Ben');
    const eve = await server.client();
    expect((await eve.refusal('join', join('room'))).code).toBe('room-full');
    await comeIn(server, 'room', 'Second host', { hostKey: hana.answer.hostKey! });
  });

  it('opens when a host comes, for all who have waited for one', async () => {
    await server.conference.makeRoom({ name: 'webinar', settings: { kind: 'webinar' } });
    const [ana, ben] = [await server.client(), await server.client()];
    expect(await ana.knock('webinar', 'Ana')).toMatchObject({ waitingFor: 'host', opensAt: null });
    await ben.knock('webinar', 'Ben');
    const hana = await comeIn(server, 'webinar', 'Hana', { token: 'host' });
    await ana.toldAtDoor('admitted');
    await ben.toldAtDoor('admitted');
    expect(hana.answer.role).toBe('host');
    // Who joins without the ticket comes as somebody new, who need not wait any more.
    expect(await ana.join('webinar', 'Ana again')).toMatchObject({ role: 'viewer' });
  });

  it('goes from waiting for a host to the lobby, where there is one', async () => {
    await server.conference.makeRoom({ name: 'class', settings: { kind: 'class', hostRequired: true } });
    const ana = await server.client();
    const { knock, waitingFor } = await ana.knock('class', 'Ana');
    expect(waitingFor).toBe('host');
    const hana = await comeIn(server, 'class', 'Hana', { token: 'host' });
    expect(await ana.toldAtDoor('waitingFor')).toMatchObject({ waitingFor: 'lobby' });
    expect(hana.answer.waiting.map(({ name }) => name)).toEqual(['Ana']);
    await hana.client.ask('changeRoom', { settings: { lobby: false } });
    await ana.toldAtDoor('admitted');
    expect(await ana.join('class', 'Ana', undefined, { knock })).toMatchObject({ role: 'participant' });
  });

  it('opens at its time, and tells early comers when', async () => {
    // Rooms open a quarter of an hour before.
    const opensAt = Date.now() + 3_000;
    const startsAt = opensAt + 900_000;
    await server.conference.makeRoom({ name: 'later', startsAt });
    const early = await server.client();
    const { knock, ...answer } = await early.knock('later', 'Early');
    expect(answer).toMatchObject({ waitingFor: 'opening', opensAt });
    await comeIn(server, 'later', 'Hana', { token: 'host' });
    const next = await server.client();
    expect((await next.knock('later', 'Next')).waitingFor).toBe('opening');
    await early.toldAtDoor('admitted');
    expect(Date.now()).toBeGreaterThanOrEqual(opensAt);
    const { room } = await early.join('later', 'Early', undefined, { knock });
    expect(room).toMatchObject({ startsAt, lasting: true });
    expect(room.number).toMatch(/^[1-9]\d{7}$/);
  });

  it('keeps out whom a host has put out for good, by browser and by person', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const eve = await comeIn(server, 'room', 'Eve', { deviceId: 'device-of-eve' });
    await hana.client.ask('ban', { participantId: eve.id });
    expect(await eve.client.told('ended')).toEqual({
      type: 'ended',
      reason: 'banned',
      by: { participantId: hana.id, name: 'Hana' },
    });
    await eve.client.disconnected();
    expect(await hana.client.told('participantLeft')).toMatchObject({ reason: 'banned' });
    const again = await server.client();
    const { token } = eve.answer;
    const resume = { token, lastEvent: 0 };
    expect((await again.refusal('join', join('room', { deviceId: 'device-of-eve' }))).code).toBe('banned');
    const back = await again.say('join', join('room', { deviceId: 'device-of-eve', resume }));
    expect(back).toMatchObject({ ok: true, value: { state: 'ended', reason: 'banned' } });
    // In another browser, from the same address: a host has to let in whoever it is.
    expect((await again.knock('room', 'Innocent', { deviceId: 'another' })).waitingFor).toBe('lobby');
    await hana.client.told('waitingChanged', ({ waiting }) => waiting.length === 1);
    // It was for as long as the room lasted.
    await hana.client.ask('endRoom', {});
    expect(await again.toldAtDoor('denied')).toEqual({ type: 'denied', reason: 'room-ended' });
    await again.disconnected();
    await comeIn(server, 'room', 'Eve', { deviceId: 'device-of-eve' });
  });

  it('lets somebody who was merely removed come again', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const eve = await comeIn(server, 'room', 'Eve', { deviceId: 'device-of-eve' });
    await hana.client.ask('remove', { participantId: eve.id });
    expect(await eve.client.told('ended')).toMatchObject({ reason: 'removed', by: { name: 'Hana' } });
    const again = await comeIn(server, 'room', 'Eve', { deviceId: 'device-of-eve' });
    expect(again.id).not.toBe(eve.id);
  });

  it('is where a token counts: for the name, the role, and whether a room may be made', async () => {
    const eve = await server.client();
    expect((await eve.refusal('join', join('nowhere', { token: 'nobody' }))).code).toBe('unknown-room');
    const hana = await comeIn(server, 'room', 'Hana');
    await hana.client.ask('changeRoom', { settings: { lobby: true } });
    const answer = await eve.join('room', 'Made up', undefined, { token: 'teacher' });
    expect(answer).toMatchObject({ role: 'cohost', hostKey: null });
    expect(answer.participants.find(({ id }) => id === answer.participantId)?.name).toBe('Dr. Real');
  });
});

describe('A room that could not be entered', () => {
  it('was never made: the next who comes makes it', async () => {
    const server = await SignalledServer.start({ limits: { participantsPerRoom: 0 } });
    try {
      const ana = await server.client();
      expect((await ana.refusal('join', join('room'))).code).toBe('room-full');
      expect(server.store.rooms.find('room')).toBeNull();
      expect(server.conference.roomCount).toBe(0);
      // One that lasts is there all the same.
      await server.conference.makeRoom({ name: 'lasting', password: 'right' });
      expect((await ana.refusal('join', join('lasting'))).code).toBe('password-required');
      expect(server.store.rooms.find('lasting')).not.toBeNull();
    } finally {
      await server.close();
    }
  });
});

describe('The lobby', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start({ limits: { waitingPerRoom: 5, placeKeptMs: 2_000 } });
  });
  afterEach(() => server.empty());
  afterAll(() => server.close());

  async function opened() {
    const hana = await comeIn(server, 'room', 'Hana', { make: { kind: 'class' } });
    expect(hana.answer.room.settings).toMatchObject({ kind: 'class', lobby: true, allowed: [] });
    return hana;
  }

  it('shows hosts who waits, in order, lets in whom they want, and in time all', async () => {
    const hana = await opened();
    const names = ['Ana', 'Ben', 'Cleo', 'Dan'];
    const clients = [];
    const knocks: string[] = [];
    for (const name of names) {
      const client = await server.client();
      knocks.push((await client.knock('room', name)).knock);
      clients.push(client);
    }
    const { waiting } = await hana.client.told('waitingChanged', (event) => event.waiting.length === 4);
    expect(waiting.map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(waiting)).not.toContain(knocks[0]);
    // Those in the room who are no hosts learn nothing of them.
    const [ana, ben, cleo, dan] = clients;
    await hana.client.ask('admit', { knockIds: [waiting[1]!.id, waiting[2]!.id] });
    await ben!.toldAtDoor('admitted');
    await cleo!.toldAtDoor('admitted');
    const answer = await ben!.join('room', 'Somebody else', undefined, { knock: knocks[1]! });
    expect(answer.waiting).toEqual([]);
    expect(answer.participants.map(({ name }) => name)).toEqual(['Hana', 'Ben']);
    await hana.client.ask('deny', { knockIds: [waiting[0]!.id] });
    expect(await ana!.toldAtDoor('denied')).toMatchObject({ reason: 'denied' });
    await ana!.disconnected();
    await hana.client.ask('admit', { knockIds: 'all' });
    await dan!.toldAtDoor('admitted');
    expect(ben!.events.filter(({ type }) => type === 'waitingChanged')).toEqual([]);
    expect((await hana.client.refusal('admit', { knockIds: [waiting[0]!.id] })).code).toBe('unknown-knock');
    // An admission is good for one.
    expect(await dan!.join('room', 'Dan', undefined, { knock: knocks[3]! })).toMatchObject({
      state: 'joined',
    });
    const thief = await server.client();
    expect(
      (await thief.knock('room', 'Thief', { knock: knocks[3]!, deviceId: 'device-of-thief' })).waitingFor,
    ).toBe('lobby');
  });

  it('does not let those knock again at once who were turned away', async () => {
    const hana = await opened();
    const eve = await server.client();
    await eve.knock('room', 'Eve', { deviceId: 'device-of-eve' });
    await hana.client.ask('deny', { knockIds: 'all' });
    const { retryAfterMs } = { retryAfterMs: 0, ...(await eve.toldAtDoor('denied')) };
    expect(retryAfterMs).toBeGreaterThan(0);
    const again = await server.client();
    const refusal = await again.refusal('join', join('room', { deviceId: 'device-of-eve' }));
    expect(refusal).toMatchObject({ code: 'denied' });
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    expect(refusal.retryAfterMs).toBeLessThanOrEqual(retryAfterMs);
    // Others may, and so may they where nobody has to knock.
    await again.knock('room', 'Ana', { deviceId: 'device-of-ana' });
    await hana.client.ask('changeRoom', { settings: { lobby: false } });
    const late = await server.client();
    await late.join('room', 'Eve', undefined, { deviceId: 'device-of-eve' });
  });

  it('lets hosts write to one who waits, or to all', async () => {
    const hana = await opened();
    const [ana, ben] = [await server.client(), await server.client()];
    await ana.knock('room', 'Ana');
    await ben.knock('room', 'Ben');
    const { waiting } = await hana.client.told('waitingChanged', (event) => event.waiting.length === 2);
    await hana.client.ask('writeToWaiting', { knockId: waiting[0]!.id, text: 'Who are you?' });
    expect(await ana.toldAtDoor('message')).toMatchObject({ from: 'Hana', text: 'Who are you?' });
    await hana.client.ask('writeToWaiting', { knockId: null, text: 'Soon.' });
    expect(await ben.toldAtDoor('message')).toMatchObject({ text: 'Soon.' });
    expect((await hana.client.refusal('writeToWaiting', { knockId: 'none', text: 'x' })).code).toBe(
      'unknown-knock',
    );
  });

  it('keeps the place of one whose socket drops, for a while', async () => {
    const hana = await opened();
    const [ana, ben] = [await server.client(), await server.client()];
    const { knock } = await ana.knock('room', 'Ana');
    await ben.knock('room', 'Ben');
    ana.cut();
    const again = await server.client();
    expect(await again.knock('room', 'Ana', { knock })).toMatchObject({ knock, waitingFor: 'lobby' });
    await hana.client.ask('writeToWaiting', { knockId: null, text: 'Still there?' });
    await again.toldAtDoor('message');
    const names = () => {
      const told = hana.client.events.findLast((event) => event.type === 'waitingChanged');
      return told?.waiting.map(({ name }) => name);
    };
    expect(names()).toEqual(['Ana', 'Ben']);
    again.cut();
    await hana.client.told(
      'waitingChanged',
      ({ waiting }) => waiting.length === 1 && waiting[0]?.name === 'Ben',
    );
    await ben.ask('leave', {});
    await hana.client.told('waitingChanged', ({ waiting }) => waiting.length === 0);
    expect(ben.connected).toBe(true);
  });

  it('takes no more than may wait, and none of them twice by one socket', async () => {
    const hana = await opened();
    const clients = await Promise.all(Array.from({ length: 6 }, () => server.client()));
    for (const client of clients.slice(0, 5)) await client.knock('room', 'Ana');
    expect((await clients[5]!.refusal('join', join('room'))).code).toBe('lobby-full');
    await clients[0]!.knock('room', 'Ana again');
    await hana.client.told(
      'waitingChanged',
      ({ waiting }) => waiting.length === 5 && waiting.at(-1)?.name === 'Ana again',
    );
    expect(await clients[0]!.refusal('chat', { text: 'Let me in!' })).toMatchObject({ code: 'not-joined' });
  });

  it('is gone with a room that does not last, and goes on in one that does', async () => {
    const hana = await opened();
    const ana = await server.client();
    await ana.knock('room', 'Ana');
    await hana.client.ask('leave', {});
    expect(await ana.toldAtDoor('denied')).toEqual({ type: 'denied', reason: 'room-ended' });
    expect(server.conference.roomCount).toBe(0);
    await server.conference.makeRoom({ name: 'lasting', settings: { lobby: true } });
    const ben = await server.client();
    await ben.knock('lasting', 'Ben');
    expect(server.conference.roomCount).toBe(1);
    await ben.ask('leave', {});
    expect(server.conference.roomCount).toBe(0);
  });
});
