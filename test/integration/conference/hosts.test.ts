import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { comeAs, comeIn, infoOf } from '../../helpers/assembly.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';

describe('A host', () => {
  let server: SignalledServer;

  beforeAll(async () => {
    server = await SignalledServer.start({ gateway: { resumeMs: 1_500 } });
  });
  afterEach(async () => {
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    await server.empty();
  });
  afterAll(() => server.close());

  it('is who made the room, and has a key to be it again after having left', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    expect(hana.answer).toMatchObject({
      role: 'host',
      hostKey: expect.stringMatching(/^\S{21,}$/) as string,
    });
    expect(ben.answer).toMatchObject({ role: 'participant', hostKey: null });
    await hana.client.ask('changeRoom', { settings: { succession: 'nobody' } });
    await hana.client.ask('leave', {});
    await ben.client.told('participantLeft');
    expect((await infoOf(ben, ben.id))?.role).toBe('participant');
    const again = await comeIn(server, 'room', 'Hana', { hostKey: hana.answer.hostKey! });
    expect(again.answer).toMatchObject({ role: 'host', hostKey: hana.answer.hostKey });
    const eve = await comeIn(server, 'room', 'Eve', { hostKey: 'guessed' });
    expect(eve.answer.role).toBe('participant');
  });

  it('is one of several who come at the same moment into a new room', async () => {
    const people = await Promise.all(['A', 'B', 'C', 'D'].map((name) => comeIn(server, 'rush', name)));
    expect(people.filter(({ answer }) => answer.role === 'host')).toHaveLength(1);
  });

  it('is host also after the socket has dropped, and has not left meanwhile', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    hana.client.cut();
    await ben.client.told('participantChanged', ({ participant }) => !participant.connected);
    const again = await server.client();
    const { token } = hana.answer;
    const back = await again.join('room', 'Hana', { token, lastEvent: hana.client.lastEvent });
    expect(back).toMatchObject({ resumed: true, role: 'host', hostKey: hana.answer.hostKey });
    expect((await infoOf(ben, ben.id))?.role).toBe('participant');
    again.cut();
    // Now it has: who has been there longest follows.
    await ben.client.told('participantLeft');
    expect(await ben.client.told('hostKey')).toMatchObject({ hostKey: expect.any(String) as string });
    expect((await infoOf(ben, ben.id))?.role).toBe('host');
  });

  it('is followed by a co-host, else by who has been there longest, never by a viewer', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const viewer = await comeAs(server, 'room', 'viewer', hana);
    const ben = await comeIn(server, 'room', 'Ben');
    const cleo = await comeAs(server, 'room', 'cohost', hana, 'Cleo');
    await hana.client.ask('leave', {});
    const { hostKey } = await cleo.client.told('hostKey');
    await cleo.client.ask('leave', {});
    await ben.client.told('hostKey');
    await ben.client.ask('leave', {});
    await viewer.client.told('participantLeft', ({ participantId }) => participantId === ben.id);
    expect((await infoOf(viewer, viewer.id))?.role).toBe('viewer');
    expect((await comeIn(server, 'room', 'Cleo', { hostKey })).answer.role).toBe('host');
  });

  it('takes the room along where it is set so', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    await hana.client.ask('changeRoom', { settings: { succession: 'end-room' } });
    await hana.client.ask('leave', {});
    expect(await ben.client.told('ended')).toEqual({ type: 'ended', reason: 'room-ended', by: null });
    expect(server.conference.roomCount).toBe(0);
  });

  it('names others, who are told and can do what hosts do, and takes it from them, key and all', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    await hana.client.ask('changeRoom', { settings: { lobby: true } });
    const kai = await server.client();
    await kai.knock('room', 'Kai');
    await hana.client.ask('setRole', { participantId: ben.id, role: 'host' });
    expect(await ben.client.told('moderated')).toEqual({
      type: 'moderated',
      moderation: { action: 'role-changed' },
      by: { participantId: hana.id, name: 'Hana' },
    });
    const { hostKey } = await ben.client.told('hostKey');
    expect(hostKey).not.toBe(hana.answer.hostKey);
    expect((await ben.client.told('waitingChanged')).waiting.map(({ name }) => name)).toEqual(['Kai']);
    await hana.client.ask('setRole', { participantId: ben.id, role: 'participant' });
    await ben.client.told('waitingChanged', ({ waiting }) => waiting.length === 0);
    await ben.client.ask('leave', {});
    await hana.client.ask('changeRoom', { settings: { lobby: false } });
    expect((await comeIn(server, 'room', 'Ben', { hostKey })).answer.role).toBe('participant');
  });

  it('cannot be moderated by a co-host, and does not leave the room without one by mistake', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const cleo = await comeAs(server, 'room', 'cohost', hana, 'Cleo');
    const other = await comeAs(server, 'room', 'cohost', hana, 'Other');
    for (const { id } of [hana, other]) {
      const requests = [
        ['moderate', { action: 'mute', target: { participantId: id }, mayUnmute: true }],
        ['remove', { participantId: id }],
        ['ban', { participantId: id }],
        ['renameOther', { participantId: id, name: 'Fool' }],
      ] as const;
      for (const [name, payload] of requests) {
        expect(await cleo.client.refusal(name, payload)).toMatchObject({ code: 'forbidden' });
      }
    }
    expect(
      await hana.client.refusal('setRole', { participantId: hana.id, role: 'participant' }),
    ).toMatchObject({ code: 'forbidden' });
    await hana.client.ask('setRole', { participantId: cleo.id, role: 'host' });
    await hana.client.ask('setRole', { participantId: hana.id, role: 'participant' });
    expect((await infoOf(cleo, hana.id))?.role).toBe('participant');
    expect((await hana.client.refusal('endRoom', {})).code).toBe('forbidden');
    expect((await cleo.client.refusal('remove', { participantId: cleo.id })).code).toBe('forbidden');
    expect((await cleo.client.refusal('remove', { participantId: 'nobody' })).code).toBe(
      'unknown-participant',
    );
  });

  it('ends the room for all, who are told by whom', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    await hana.client.ask('endRoom', {});
    const ended = { type: 'ended', reason: 'room-ended', by: { participantId: hana.id, name: 'Hana' } };
    expect(await ben.client.told('ended')).toEqual(ended);
    expect(await hana.client.told('ended')).toEqual(ended);
    await ben.client.disconnected();
    expect(server.story.at(-1)).toBe('ended room');
    expect(await server.sfu.held()).toBe(0);
  });

  it('shows somebody to everybody, until that one leaves', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    await hana.client.ask('spotlight', { participantId: ben.id });
    await ben.client.told('roomChanged', ({ room }) => room.spotlight === ben.id);
    expect((await comeIn(server, 'room', 'Late')).answer.room.spotlight).toBe(ben.id);
    expect((await hana.client.refusal('spotlight', { participantId: 'x' })).code).toBe('unknown-participant');
    await ben.client.ask('leave', {});
    await hana.client.told('roomChanged', ({ room }) => room.spotlight === null);
  });

  it('changes some settings and leaves the others, or takes another kind of room with its preset', async () => {
    const hana = await comeIn(server, 'room', 'Hana');
    const ben = await comeIn(server, 'room', 'Ben');
    const before = hana.answer.room.settings;
    const { room } = await hana.client.ask('changeRoom', { settings: { maxParticipants: 9 } });
    expect(room.settings).toEqual({ ...before, maxParticipants: 9 });
    const next = await hana.client.ask('changeRoom', { settings: { kind: 'class', lobby: false } });
    expect(next.room.settings).toMatchObject({ kind: 'class', lobby: false, allowed: [], quietEntry: true });
    await ben.client.told('roomChanged', (event) => event.room.settings.kind === 'class');
    expect((await infoOf(ben, ben.id))?.allowed).toEqual([]);
    expect((await infoOf(ben, hana.id))?.allowed).toHaveLength(4);
  });

  it('alone sees the PIN, with co-hosts', async () => {
    const made = await server.conference.makeRoom({ name: 'called', pin: '123456' });
    const hana = await comeIn(server, 'called', 'Hana', { hostKey: made!.hostKey });
    const ben = await comeIn(server, 'called', 'Ben');
    expect(hana.answer.room).toMatchObject({ pin: '123456', number: made!.record.number });
    expect(ben.answer.room).toMatchObject({ pin: null, number: made!.record.number });
    await hana.client.ask('setRole', { participantId: ben.id, role: 'cohost' });
    await ben.client.told('roomChanged', ({ room }) => room.pin === '123456');
    await hana.client.ask('setRole', { participantId: ben.id, role: 'participant' });
    await ben.client.told('roomChanged', ({ room }) => room.pin === null);
    expect(server.logged.join('')).not.toContain('123456');
  });
});
