import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

const SECRET = 'a secret of more than thirty-two characters';

function token(claims: Record<string, unknown>, secret = SECRET): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5 minutes')
    .sign(new TextEncoder().encode(secret));
}

describe('A server for token holders', () => {
  let server: ServerProcess;
  const sockets: SignalClient[] = [];

  async function socket(): Promise<SignalClient> {
    const client = await SignalClient.connect(server.url);
    sockets.push(client);
    return client;
  }

  beforeAll(async () => {
    server = await ServerProcess.start({
      env: { WORKERS: '1', ENTER_ROOMS: 'token', MAKE_ROOMS: 'token', TOKEN_SECRET: SECRET },
    });
  });
  afterAll(async () => {
    for (const client of sockets) client.close();
    await server.close();
  });

  it('lets nobody in without one, nor with one that is not good, and says why', async () => {
    const join = { version: 1, room: 'seminar', name: 'Ana' };
    const ana = await socket();
    expect(await ana.refusal('join', join)).toMatchObject({ code: 'token-required' });
    const attempts: [string, RegExp][] = [
      ['x', /not a token/],
      [await token({ room: 'other' }), /another room/],
      [await token({ room: 'seminar' }, `${SECRET}!`), /not signed/],
    ];
    for (const [given, reason] of attempts) {
      expect(await ana.refusal('join', { ...join, token: given })).toMatchObject({
        code: 'token-refused',
        message: expect.stringMatching(reason) as string,
      });
    }
    expect(server.log).toContain('token-refused');
    for (const [given] of attempts.slice(1)) expect(server.log).not.toContain(given);
  });

  it('gives each the role and the name that the token says, and rooms only to those who may make them', async () => {
    const [ana, bo, cy] = [await socket(), await socket(), await socket()];
    const guest = await token({ room: 'sem*', role: 'viewer', features: { makeRooms: false } });
    const join = { version: 1, room: 'seminar', name: 'Typed', token: guest };
    expect(await ana.refusal('join', join)).toMatchObject({ code: 'unknown-room' });
    const host = await token({ room: 'seminar', role: 'host', name: 'Dr. Bo' });
    expect(await bo.join('seminar', 'Typed', undefined, { token: host })).toMatchObject({ role: 'host' });
    const joined = await cy.join('seminar', 'Cy', undefined, { token: guest });
    expect(joined.role).toBe('viewer');
    expect(joined.participants.map(({ name }) => name)).toEqual(['Dr. Bo', 'Cy']);
  });

  it('keeps somebody out who was banned, whatever browser they come with', async () => {
    const [host, bad, again] = [await socket(), await socket(), await socket()];
    await host.join('banning', 'Host', undefined, { token: await token({ room: 'banning', role: 'host' }) });
    const theirs = await token({ room: 'banning', sub: 'bad' });
    const { participantId } = await bad.join('banning', 'Bad', undefined, { token: theirs, deviceId: 'one' });
    await host.ask('ban', { participantId });
    await bad.told('ended');
    const join = { version: 1, room: 'banning', name: 'Other', token: theirs, deviceId: 'two' };
    expect(await again.refusal('join', join)).toMatchObject({ code: 'banned' });
  });
});
