/** What is passed on to another server arrives there as it was sent, with the address of whoever sent it, and comes back. */
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebDoor } from '../../../server/http/web-door.ts';
import { openLocalDoor } from '../../../server/takeover/local-door.ts';
import { passageTo } from '../../../server/takeover/passing.ts';
import { closed } from '../../helpers/wait.ts';

const SILENT = pino({ level: 'silent' });

describe('A request that is passed on', () => {
  let dir: string;
  let app: Server;
  let door: WebDoor;
  let url: string;
  let closeLocalDoor: () => void;
  const socketPath = () => join(dir, 'one.pass');

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tertulia-passing-'));
    app = createServer((request, response) => void tellBack(request, (told) => response.end(told)));
    app.on('upgrade', (request, socket, head) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.write(`${String(request.socket.remoteAddress)} ${String(request.headers['x-tertulia-peer'])}\n`);
      socket.write(head);
      socket.pipe(socket);
    });
    closeLocalDoor = await openLocalDoor(socketPath(), app);
    const passage = passageTo(socketPath(), SILENT);
    door = new WebDoor(createServer(), { host: '127.0.0.1', port: 0, tls: null, passage: () => passage });
    url = `http://127.0.0.1:${await door.open()}/`;
  });
  afterEach(async () => {
    closeLocalDoor();
    await door.ended();
    await rm(dir, { recursive: true, force: true });
  });

  async function tellBack(request: IncomingMessage, answer: (told: string) => void): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method, url: path, headers, socket } = request;
    answer(JSON.stringify({ method, path, headers, address: socket.remoteAddress, body }));
  }

  it('has its method, path, headers and body, and the address of the one who asks, whatever that one claims', async () => {
    const headers = {
      'x-tertulia-peer': 'https 203.0.113.7',
      'x-forwarded-for': '203.0.113.8',
      accept: 'a/b',
    };
    const body = 'ñ'.repeat(100_000);
    const told: unknown = await (await fetch(`${url}a?b=c`, { method: 'POST', headers, body })).json();
    expect(told).toMatchObject({ method: 'POST', path: '/a?b=c', address: '127.0.0.1', body });
    expect(told).toMatchObject({ headers: { accept: 'a/b', 'x-forwarded-for': '203.0.113.8' } });
    expect(told).not.toHaveProperty('headers.x-tertulia-peer');
  });

  it('becomes a connection, if it asks for one, to the last byte both ways', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n');
    socket.write('X-Tertulia-Peer: http 203.0.113.7\r\n\r\nfirst ');
    socket.end('last');
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    await once(socket, 'close');
    expect(received).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\n127\.0\.0\.1 undefined\nfirst last$/s);
  });

  it('is answered when the other server is gone', async () => {
    closeLocalDoor();
    expect((await fetch(url)).status).toBe(502);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await closed(socket.resume());
  });

  it('goes by a socket that is nobody else’s', async () => {
    expect((await stat(socketPath())).mode & 0o077).toBe(0);
  });
});
