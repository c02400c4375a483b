/** What there is of a room to take along, by the API: who was there, what was written, and invitations. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../../helpers/api-client.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

interface RoomAnswer {
  room: Record<string, unknown>;
}

describe('The API', () => {
  let server: ServerProcess;
  let admin: ApiClient;
  const people: SignalClient[] = [];

  async function person(): Promise<SignalClient> {
    const client = await SignalClient.connect(server.url);
    people.push(client);
    return client;
  }

  beforeAll(async () => {
    const dialIn = JSON.stringify([{ number: '+54 11 5252 5252', language: 'es' }]);
    server = await ServerProcess.start({ env: { WORKERS: '1', DIAL_IN_NUMBERS: dialIn } });
    admin = await ApiClient.of(server, 'rooms:read', 'rooms:write', 'attendance:read');
  });
  afterAll(async () => {
    for (const client of people) client.close();
    await server.close();
  });

  it('tells who was in a room, also as a table, long after', async () => {
    await admin.call('POST', 'rooms', { name: 'attended' });
    const ana = await person();
    await ana.join('attended', '=Ana');
    await ana.ask('raiseHand', { raised: true });
    await ana.ask('leave', {});
    const { body } = await admin.call<{ attendance: Record<string, unknown>[] }>(
      'GET',
      'rooms/attended/attendance',
    );
    expect(body.attendance).toMatchObject([{ name: '=Ana', hands: 1, leftAt: expect.any(Number) as number }]);
    const table = await admin.call<string>('GET', 'rooms/attended/attendance.csv');
    expect(table.body.split('\r\n')[1]).toMatch(/^'=Ana,browser,/);
    const later = await admin.call<typeof body>('GET', `rooms/attended/attendance?since=${Date.now() + 1}`);
    expect(later.body.attendance).toEqual([]);
    expect((await admin.call('GET', 'rooms/unknown/attendance')).status).toBe(404);
    expect((await admin.call('GET', 'rooms/attended/attendance?since=yesterday')).status).toBe(400);
  });

  it('gives out what was written, also when all have left, if the room keeps it', async () => {
    for (const [name, keepChat] of [
      ['kept', true],
      ['forgotten', false],
    ] as const) {
      await admin.call('POST', 'rooms', { name, settings: { keepChat } });
      const ana = await person();
      await ana.join(name, 'Ana');
      await ana.ask('chat', { text: 'Hello' });
      expect((await admin.call<string>('GET', `rooms/${name}/chat.txt`)).body).toMatch(/ Ana: Hello\n$/);
      await ana.ask('leave', {});
      await vi.waitUntil(
        async () => (await admin.call<RoomAnswer>('GET', `rooms/${name}`)).body.room['openedAt'] === null,
        { timeout: 10_000 },
      );
      const { body } = await admin.call<string>('GET', `rooms/${name}/chat.txt`);
      expect(body).toMatch(keepChat ? / Ana: Hello\n$/ : /^$/);
    }
    expect((await admin.call('GET', 'rooms/unknown/chat.txt')).status).toBe(404);
  });

  it('invites, in words and to calendars', async () => {
    await admin.call('POST', 'rooms', { name: 'party', startsAt: Date.UTC(2027, 0, 15, 8), pin: '1234' });
    const { body } = await admin.call<{ text: string; number: string }>(
      'GET',
      'rooms/party/invitation?language=es&timeZone=Europe/Madrid',
    );
    expect(body.text).toContain(`${server.url}r/party`);
    expect(body.text).toContain('viernes, 15 de enero de 2027, 9:00 (Europe/Madrid)');
    expect(body.text.replaceAll(' ', '')).toContain(body.number);
    expect(body.text).toContain(', PIN 1234#');
    expect(body.text).toContain(
      `+54 11 5252 5252 (Argentina, español) tel:+541152525252,,${body.number}%23,,1234%23`,
    );
    const event = (await admin.call<string>('GET', 'rooms/party/invitation.ics?minutes=90')).body;
    expect(event).toContain('DTSTART:20270115T080000Z');
    expect(event).toContain('DTEND:20270115T093000Z');
    expect(event.split('\r\n').every((line) => line.length <= 75)).toBe(true);
    await admin.call('PATCH', 'rooms/party', { startsAt: null });
    expect((await admin.call('GET', 'rooms/party/invitation.ics')).status).toBe(409);
    expect((await admin.call('GET', 'rooms/party/invitation?timeZone=Mars')).status).toBe(400);
  });

  it('has documented nothing of that which was not used here', () => {
    expect(admin.unused.filter((operation) => /attendance|chat|invitation/.test(operation))).toEqual([]);
  });
});
