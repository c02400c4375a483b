/** Who may open a socket at all, from which pages and how often, and what browsers are told on the way. */
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SignalledServer } from '../../helpers/signalled-server.ts';

const PARTICIPANTS = '/socket.io/';
const BRIDGES = '/bridge/';
const OPEN = 101;
/** The engine says so of all that it refuses on this way. */
const REFUSED = 400;

let server: SignalledServer;

beforeAll(async () => {
  server = await SignalledServer.start({
    gateway: {
      allowedOrigins: ['https://app.example.org'],
      rates: { messagesPerSecond: 5, messageBurst: 5, joinsPerMinute: 20 },
    },
  });
});
afterAll(() => server.close());

async function poll(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const url = `${server.url}${path}?EIO=4&transport=polling`;
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

/** @returns the status */
async function openWebSocket(path: string, origin?: string): Promise<number> {
  const url = `${server.url}${path}?EIO=4&transport=websocket`.replace('http:', 'ws:');
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  const opened = once(socket, 'open').then(() => OPEN);
  const refused = once(socket, 'unexpected-response').then(
    ([, response]) => (response as IncomingMessage).statusCode ?? 0,
  );
  opened.catch(() => undefined);
  refused.catch(() => undefined);
  const status = await Promise.race([opened, refused]);
  socket.on('error', () => undefined);
  socket.terminate();
  return status;
}

describe('A socket', () => {
  it('is opened by our own pages, those of sites that are named, and programs', async () => {
    for (const origin of [undefined, server.url, 'https://app.example.org'])
      expect(await openWebSocket(PARTICIPANTS, origin)).toBe(OPEN);
    expect((await poll(PARTICIPANTS, { origin: server.url })).statusCode).toBe(200);
    const named = await poll(PARTICIPANTS, { origin: 'https://app.example.org' });
    expect(named.headers['access-control-allow-origin']).toBe('https://app.example.org');
  });

  it('is not opened by pages of other sites, which is logged', async () => {
    const foreign = [
      'https://evil.example',
      'null',
      `${server.url}0`,
      'https://app.example.org.evil.example',
    ];
    for (const origin of foreign) {
      expect(await openWebSocket(PARTICIPANTS, origin)).toBe(REFUSED);
      const response = await poll(PARTICIPANTS, { origin });
      expect(response.statusCode).toBe(403);
      expect(response.headers['access-control-allow-origin']).not.toBe(origin);
    }
    expect(server.logged.join('')).toContain('https://evil.example');
  });

  it('of a bridge is opened by no page, not even our own', async () => {
    expect(await openWebSocket(BRIDGES)).toBe(OPEN);
    for (const origin of [server.url, 'https://app.example.org', 'https://evil.example'])
      expect(await openWebSocket(BRIDGES, origin)).toBe(REFUSED);
  });

  it('has headers on all that browsers may come to see, refusals as well', async () => {
    const answers = [
      ...[await poll(PARTICIPANTS), await poll(PARTICIPANTS, { origin: 'https://evil.example' })],
      ...[await poll(`${PARTICIPANTS}nowhere`), await poll(BRIDGES)],
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });
});

describe('Somebody who asks without end', () => {
  it('is cut off, after few lines in the log, and others are not', async () => {
    const [eve, ana] = [await server.client(), await server.client()];
    await eve.join('room', 'Eve');
    await ana.join('room', 'Ana');
    server.logged.length = 0;
    for (let i = 0; i < 2_000; i += 1) eve.mutter('raiseHand', { raised: true });
    await eve.disconnected();
    expect(ana.connected).toBe(true);
    const lines = server.logged.filter((line) => /"level":(30|40)/.test(line));
    expect(lines.length).toBeLessThan(10);
    expect(lines.join('')).toContain('asks without end');
  });

  it('opens so many sockets a minute, and no more', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 50; i += 1) statuses.push(await openWebSocket(PARTICIPANTS));
    // Some were opened by the tests before.
    expect(statuses.filter((status) => status === OPEN).length).toBeLessThan(40);
    expect(statuses.at(-1)).toBe(REFUSED);
  });
});
