/**
 * How many names of rooms somebody may try, by one address or by ten, where only token holders make rooms, so that a
 * name that is none is told. What these numbers come to in an hour is in server/security.md.
 */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JoinAnswer, Result } from '../../../server/signalling/contract.ts';
import { ServerProcess } from '../../helpers/server-process.ts';

const JOINS_PER_MINUTE = 40;

let server: ServerProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await ServerProcess.start({
    env: {
      ...{ WORKERS: '1', MAKE_ROOMS: 'token', TRUSTED_PROXIES: '127.0.0.1' },
      TOKEN_SECRET: 'a secret of more than thirty-two characters',
      JOINS_PER_MINUTE: String(JOINS_PER_MINUTE),
    },
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.close();
});

/** Tries twice as many names as the limit from each address. @returns how many were answered */
async function answered(addresses: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    addresses.map(async (address) => {
      const socket = io(server.url, {
        ...{ transports: ['websocket'], reconnection: false, forceNew: true },
        extraHeaders: { 'x-forwarded-for': address },
      });
      sockets.push(socket);
      const codes = await Promise.all(
        Array.from({ length: 2 * JOINS_PER_MINUTE }, async (_, i) => {
          const join = { version: 1, room: `guess-${i}`, name: 'Eve' };
          const result = (await socket.timeout(10_000).emitWithAck('join', join)) as Result<JoinAnswer>;
          return result.ok ? 'ok' : result.error.code;
        }),
      );
      return codes.filter((code) => code === 'unknown-room').length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

describe('Names of rooms', () => {
  it('are tried as often as one address may join', async () => {
    expect(await answered(['192.0.2.1'])).toBe(JOINS_PER_MINUTE);
  });

  it('are tried ten times as often by ten addresses', async () => {
    const ten = Array.from({ length: 10 }, (_, i) => `198.51.100.${i}`);
    expect(await answered(ten)).toBe(10 * JOINS_PER_MINUTE);
  });

  it('are tried as often by all addresses of one IPv6 network as by one of them', async () => {
    const ten = Array.from({ length: 10 }, (_, i) => `2001:db8::${i}`);
    expect(await answered(ten)).toBe(JOINS_PER_MINUTE);
  });

  it('are not told by pages nor by the API', async () => {
    const key = await server.command('keys', 'add', 'rooms', '--scope', 'rooms:write');
    await fetch(new URL('api/rooms', server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key.split('\n')[0]!}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'known' }),
    });
    for (const path of ['r/', 'api/rooms/', 'api/me?room=']) {
      const answers = await Promise.all(
        ['known', 'unknown'].map(async (room) => {
          const response = await fetch(new URL(path + room, server.url));
          return { status: response.status, text: await response.text() };
        }),
      );
      expect(answers[0]).toEqual(answers[1]);
    }
  });
});
