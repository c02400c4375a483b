import { Validator } from '@seriousme/openapi-schema-validator';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopes } from '../../../server/access/api-keys.ts';
import type { ParticipantInfo } from '../../../server/conference/model.ts';
import { ApiClient } from '../../helpers/api-client.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

interface RoomAnswer {
  room: Record<string, unknown>;
  hostKey: string;
}

const METRICS_TOKEN = 'a-token-of-some-length';
const KEY = /^tertulia_[0-9a-f]{16}_[0-9a-f]{64}$/;

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
    server = await ServerProcess.start({ env: { WORKERS: '1', METRICS_TOKEN } });
    admin = await ApiClient.of(server, 'admin');
  });
  afterAll(async () => {
    for (const client of people) client.close();
    await server.close();
  });

  it('makes rooms, changes them, and forgets them', async () => {
    const made = await admin.call<RoomAnswer>('POST', 'rooms', {
      name: 'Física-1',
      settings: { kind: 'class', chat: 'hosts' },
      password: 'secret',
      pin: '2580',
      startsAt: 1_800_000_000_000,
    });
    expect(made.status).toBe(201);
    expect(made.body.room).toMatchObject({
      ...{ name: 'física-1', hasPassword: true, pin: '2580', lasting: true, startsAt: 1_800_000_000_000 },
      settings: { kind: 'class', lobby: true, chat: 'hosts' },
      url: `${server.url}r/${encodeURIComponent('física-1')}`,
      ...{ participants: 0, openedAt: null },
    });
    expect(JSON.stringify(made.body)).not.toContain('secret');
    const path = `rooms/${encodeURIComponent('FÍSICA-1'.normalize('NFD'))}`;
    expect((await admin.call('POST', 'rooms', { name: 'física-1' })).status).toBe(409);
    const changed = await admin.call<RoomAnswer>('PATCH', path, {
      settings: { lobby: false },
      ...{ password: null, pin: null, startsAt: null },
    });
    expect(changed.body.room).toMatchObject({
      ...{ hasPassword: false, pin: null, startsAt: null },
      settings: { kind: 'class', lobby: false, chat: 'hosts' },
    });
    expect((await admin.call<RoomAnswer>('GET', path)).body).toEqual(changed.body);
    const { body } = await admin.call<{ rooms: { name: string }[] }>('GET', 'rooms');
    expect(body.rooms.map(({ name }) => name)).toContain('física-1');
    expect((await admin.call<{ rooms: unknown[] }>('GET', 'rooms?live=true')).body.rooms).toEqual([]);
    expect((await admin.call('DELETE', path)).status).toBe(200);
    expect((await admin.call('DELETE', path)).status).toBe(404);
    expect((await admin.call('GET', path)).status).toBe(404);
    expect((await admin.call('PATCH', path, {})).status).toBe(404);
  });

  it('invents names that nobody guesses, and a key for the host', async () => {
    const { body } = await admin.call<RoomAnswer>('POST', 'rooms', { settings: { kind: 'webinar' } });
    const name = String(body.room['name']);
    expect(name).toMatch(/^[a-z2-9]{12}$/);
    const [host, guest] = [await person(), await person()];
    expect((await guest.knock(name, 'Guest')).waitingFor).toBe('host');
    expect((await host.join(name, 'Host', undefined, { hostKey: body.hostKey })).role).toBe('host');
    await guest.toldAtDoor('admitted');
    await admin.call('DELETE', `rooms/${name}`);
  });

  it.each([
    [{ pin: '12' }, 'pin: must be 4 to 12 digits'],
    [{ name: '../x' }, 'name: '],
    [{ settings: { lobby: 'yes' } }, 'settings.lobby: '],
    [{ nonsense: 1 }, 'nonsense'],
    [{ startsAt: -1 }, 'startsAt: '],
    [[], ''],
  ])('refuses %j and says which field is the matter', async (payload, message) => {
    const { status, body } = await admin.call<{ error: { code: string; message: string } }>(
      'POST',
      'rooms',
      payload,
    );
    expect(status).toBe(400);
    expect(body.error.code).toBe('invalid-request');
    expect(body.error.message).toContain(message);
  });

  it('acts in rooms as a host does, and people are told who did it', async () => {
    await admin.call('POST', 'rooms', { name: 'live', settings: { lobby: true } });
    const { body } = await admin.call<RoomAnswer>('GET', 'rooms/live');
    expect(body.room).toMatchObject({ participants: 0, waiting: 0 });
    const [ana, bo, cy] = [await person(), await person(), await person()];
    await ana.knock('live', 'Ana');
    await bo.knock('live', 'Bo');
    const { ticket } = await cy.knock('live', 'Cy').then(({ knock }) => ({ ticket: knock }));
    const at = async () =>
      (
        await admin.call<{ participants: ParticipantInfo[]; waiting: { id: string; name: string }[] }>(
          'GET',
          'rooms/live/people',
        )
      ).body;
    const { waiting } = await at();
    expect(waiting.map(({ name }) => name)).toEqual(['Ana', 'Bo', 'Cy']);
    const knockId = (name: string) => waiting.find((knock) => knock.name === name)!.id;
    await admin.call('POST', 'rooms/live/write-to-waiting', { knockId: null, text: 'One moment' });
    expect(await cy.toldAtDoor('message')).toMatchObject({ from: 'test', text: 'One moment' });
    await admin.call('POST', 'rooms/live/deny', { knockIds: [knockId('Bo')] });
    expect(await bo.toldAtDoor('denied')).toMatchObject({ reason: 'denied' });
    await admin.call('POST', 'rooms/live/admit', { knockIds: [knockId('Cy')] });
    await cy.toldAtDoor('admitted');
    const joined = await cy.join('live', 'Cy', undefined, { knock: ticket });
    const { participantId } = joined;

    await admin.call('POST', 'rooms/live/rename', { participantId, name: 'Cyra' });
    expect(await cy.told('moderated')).toMatchObject({
      moderation: { action: 'renamed', name: 'Cyra' },
      by: { participantId: null, name: 'test' },
    });
    await admin.call('POST', 'rooms/live/role', { participantId, role: 'cohost' });
    await cy.told('participantChanged', ({ participant }) => participant.role === 'cohost');
    await admin.call('POST', 'rooms/live/role', { participantId, role: 'participant' });
    await admin.call('POST', 'rooms/live/spotlight', { participantId });
    await cy.told('roomChanged', ({ room }) => room.spotlight === participantId);
    await admin.call('POST', 'rooms/live/moderate', {
      action: 'mute',
      target: { participantId },
      mayUnmute: false,
    });
    await cy.told('participantChanged', ({ participant }) => !participant.allowed.includes('microphone'));
    expect((await at()).participants[0]).toMatchObject({ name: 'Cyra', role: 'participant' });

    const nobody = { participantId: 'nobody' };
    expect((await admin.call('POST', 'rooms/live/remove', nobody)).status).toBe(404);
    await admin.call('POST', 'rooms/live/remove', { participantId });
    expect(await cy.told('ended')).toMatchObject({ reason: 'removed', by: { name: 'test' } });

    const again = await person();
    const place = await again.knock('live', 'Dee', { deviceId: 'device-of-dee' });
    await admin.call('POST', 'rooms/live/admit', { knockIds: 'all' });
    await again.toldAtDoor('admitted');
    const dee = await again.join('live', 'Dee', undefined, { knock: place.knock });
    await admin.call('POST', 'rooms/live/ban', { participantId: dee.participantId });
    expect(await again.told('ended')).toMatchObject({ reason: 'banned' });
    await admin.call('DELETE', 'rooms/live');
  });

  it('ends a room for all, which may be entered again if it lasts', async () => {
    await admin.call('POST', 'rooms', { name: 'ending' });
    const ana = await person();
    await ana.join('ending', 'Ana');
    await admin.call('POST', 'rooms/ending/end', {});
    expect(await ana.told('ended')).toMatchObject({ reason: 'room-ended', by: { name: 'test' } });
    expect((await admin.call('POST', 'rooms/ending/end', {})).status).toBe(404);
    expect((await admin.call('GET', 'rooms/ending')).status).toBe(200);
  });

  it('gives out tokens that let in as they say', async () => {
    const { body } = await admin.call<{ token: string; expiresAt: number; url: string }>('POST', 'tokens', {
      ...{ room: 'Tokens', role: 'host', name: 'Dr. Ana', sub: 'ana', minutes: 5 },
      avatar: 'https://example.org/ana.png',
    });
    expect(decodeJwt(body.token).exp).toBe(Math.floor(body.expiresAt / 1_000));
    expect(body.url).toBe(`${server.url}r/tokens#token=${body.token}`);
    expect((await admin.call('POST', 'tokens', { room: 'tok*' })).body['url']).toBeNull();
    const [first, ana, other] = [await person(), await person(), await person()];
    await first.join('tokens', 'First');
    const joined = await ana.join('tokens', 'Typed', undefined, { token: body.token });
    expect(joined.role).toBe('host');
    expect(joined.participants.find(({ id }) => id === joined.participantId)).toMatchObject({
      ...{ name: 'Dr. Ana', avatar: 'https://example.org/ana.png' },
    });
    const join = { version: 1, room: 'elsewhere', name: 'Ana', token: body.token };
    expect(await other.refusal('join', join)).toMatchObject({ code: 'token-refused' });
    expect((await admin.call('POST', 'tokens', { room: 'a*b' })).status).toBe(400);
    expect((await admin.call('POST', 'tokens', { room: 'a', role: 'root' })).status).toBe(400);
  });

  it('lets each key do what its scopes say, and nothing else', async () => {
    const attempts: Record<string, [method: string, path: string, payload?: unknown]> = {
      'rooms:read': ['GET', 'rooms'],
      'rooms:write': ['DELETE', 'rooms/none'],
      moderate: ['POST', 'rooms/none/end', {}],
      'attendance:read': ['GET', 'rooms/none/attendance'],
      'calls:read': ['GET', 'calls'],
      'calls:write': ['GET', 'rooms/none/calls'],
      'tokens:write': ['POST', 'tokens', { room: 'a' }],
      'webhooks:write': ['GET', 'webhooks'],
      admin: ['GET', 'keys'],
    };
    expect(Object.keys(attempts)).toEqual([...scopes]);
    for (const scope of scopes) {
      const { body } = await admin.call<{ text: string; key: { id: string } }>('POST', 'keys', {
        ...{ name: scope, scopes: [scope] },
      });
      expect(body.text).toMatch(KEY);
      const client = admin.with(body.text);
      for (const [needed, attempt] of Object.entries(attempts)) {
        const { status } = await client.call(...attempt);
        const mayDo = scope === 'admin' || scope === needed;
        expect(status === 403, `${scope} tries ${needed}`).toBe(!mayDo);
      }
      expect((await admin.call('DELETE', `keys/${body.key.id}`)).status).toBe(200);
      expect((await client.call('GET', 'rooms')).status).toBe(401);
    }
    expect((await admin.call('DELETE', 'keys/none')).status).toBe(404);
  });

  it('keeps no key as it is, and shows none again', async () => {
    const made = await admin.call<{ text: string }>('POST', 'keys', {
      name: 'shown once',
      scopes: ['moderate'],
    });
    const { text } = await admin.call<{ keys: { name: string }[] }>('GET', 'keys').then(({ body }) => {
      expect(body.keys.map(({ name }) => name)).toContain('shown once');
      return { text: JSON.stringify(body) };
    });
    const secret = made.body.text.split('_')[2]!;
    expect(text).not.toContain(secret);
    expect(server.log).not.toContain(secret);
    expect(await server.command('keys', 'list')).toContain('shown once  moderate  (never used)');
  });

  it('refuses whoever has no key, or a wrong one, whatever they ask', async () => {
    const key = await server
      .command('keys', 'add', 'real', '--scope', 'admin')
      .then((out) => out.split('\n')[0]!);
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    const guarded = admin.operations.filter((operation) => {
      const [method = '', path = ''] = operation.split(' ');
      return admin.document.paths[path]?.[method]?.security;
    });
    expect(guarded.length).toBeGreaterThan(20);
    const headers = [
      {},
      { authorization: `Bearer ${wrong}` },
      { authorization: key },
      { cookie: 'tertulia-session=x' },
    ];
    for (const operation of guarded) {
      const [method = '', path = ''] = operation.split(' ');
      for (const given of headers) {
        const answer = await admin.withHeaders(given).call(method, path.replaceAll(/\{\w+\}/g, 'x'));
        expect([operation, answer.status]).toEqual([operation, 401]);
      }
    }
  });

  it('signs a browser in by a key, until it signs out or the key is taken away', async () => {
    const { body } = await admin.call<{ text: string; key: { id: string } }>('POST', 'keys', {
      ...{ name: 'page', scopes: ['admin'] },
    });
    const signedIn = await admin.withHeaders({}).call('POST', 'session', { key: body.text });
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(body.text.split('_')[2]);
    const [session = ''] = cookie.split(';');
    const page = admin.withHeaders({ cookie: session });
    expect((await page.call('GET', 'rooms')).status).toBe(200);
    const foreign = admin.withHeaders({ cookie: session, 'sec-fetch-site': 'same-site' });
    expect((await foreign.call('POST', 'rooms', {})).status).toBe(403);
    expect((await page.call('DELETE', 'session')).headers.get('set-cookie')).toMatch(
      /Expires=Thu, 01 Jan 1970/,
    );
    await admin.call('DELETE', `keys/${body.key.id}`);
    expect((await page.call('GET', 'rooms')).status).toBe(401);
    expect((await admin.call('POST', 'session', { key: body.text })).status).toBe(401);
    const weak = await admin.call<{ text: string }>('POST', 'keys', { name: 'weak', scopes: ['rooms:read'] });
    expect((await admin.call('POST', 'session', { key: weak.body.text })).status).toBe(401);
  });

  it('says that nobody can sign in where there is no provider', async () => {
    const nobody = admin.withHeaders({});
    expect((await nobody.call('GET', 'me?room=a')).body).toEqual({
      person: null,
      canSignIn: false,
      token: null,
    });
    expect((await nobody.call('GET', 'sign-in')).status).toBe(404);
    expect((await nobody.call('GET', 'sign-in/callback?code=x')).status).toBe(404);
    for (const to of ['//evil.example', 'https://evil.example', 'r/a/../../x', '\\evil', 'r/a?b']) {
      expect((await nobody.call('GET', `sign-in?to=${encodeURIComponent(to)}`)).status).toBe(400);
    }
  });

  it('tells what goes on and what it costs, and how the server is set, without secrets', async () => {
    const ana = await person();
    await ana.join('costly', 'Ana');
    const overview = () =>
      admin.call<{
        workers: { cpuShare: number | null }[];
        rooms: { name: string; cpuShare: number | null; people: { name: string; bitrateIn: number }[] }[];
      }>('GET', 'admin/overview');
    await overview();
    const { workers, rooms } = (await overview()).body;
    expect(workers).toHaveLength(1);
    expect(workers[0]?.cpuShare).toBeGreaterThanOrEqual(0);
    const room = rooms.find(({ name }) => name === 'costly');
    expect(room).toMatchObject({
      cpuShare: 0,
      people: [{ name: 'Ana', bitrateIn: expect.any(Number) as number }],
    });

    const { body } = await admin.call<{ settings: Record<string, unknown>[] }>('GET', 'admin/settings');
    const setting = (key: string) => body.settings.find((one) => one['key'] === key);
    expect(setting('workers')).toMatchObject({ env: 'WORKERS', value: '1', byDefault: 'one a processor' });
    expect(setting('metricsToken')).toMatchObject({ secret: true, isSet: true, value: null });
    expect(setting('tokenSecret')).toMatchObject({ secret: true, isSet: false, value: null });
    expect(JSON.stringify(body)).not.toContain(METRICS_TOKEN);
  });

  it("streams one room's log, and lets the server stop while somebody reads it", async () => {
    const [ana, bo] = [await person(), await person()];
    await ana.join('logged', 'Ana');
    const stream = await admin.stream('admin/rooms/logged/log');
    expect(await stream.next()).toMatchObject({ room: 'logged' });
    const seen = stream.until(({ msg }) => msg === 'room ended');
    await bo.join('elsewhere', 'Bo');
    await ana.ask('leave', {});
    const lines = await seen;
    expect(lines.map(({ msg }) => msg)).toContain('participant joined');
    expect(lines.every(({ room }) => room === 'logged')).toBe(true);
    expect(await server.stop()).toBe(0);
    expect(await stream.next()).toBeNull();
    await server.run();
  });

  it('has documented all that was used here, and all that is documented was used', async () => {
    await admin.call('GET', 'openapi.json');
    expect(admin.document.openapi).toBe('3.1.0');
    expect(await new Validator().validate({ ...admin.document })).toEqual({ valid: true });
    // Telephones, webhooks, and what a room leaves behind have tests of their own.
    const ofOthers = /\/api\/(bridges|.*calls|webhooks|.*(attendance|chat|invitation))/;
    expect(admin.unused.filter((operation) => !ofOthers.test(operation))).toEqual([]);
  });
});
