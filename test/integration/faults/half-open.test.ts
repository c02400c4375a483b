/** Connections whose other end is gone without a word, or never says what it wants: none is kept for long. */
import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FarMachine } from '../../helpers/far-machine.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { closed, until } from '../../helpers/wait.ts';

const PARTICIPANT = fileURLToPath(new URL('../../helpers/far-participant.ts', import.meta.url));
const RESUME_SECONDS = 4;
/** The server asks each 8 s, waits 8 s for the answer, and a busy machine is late. */
const NOTICED_SECONDS = 16 + 3;
/** What the server gives its clients, and the 5 s in which it looks, in s. */
const SECONDS = { head: 15 + 5, whole: 30 + 5, handshake: 15, join: 15 } as const;
const SLACK_SECONDS = 4;
const PATIENCE_MS = 60_000;

const machine = FarMachine.open();
if (!machine) console.warn('Without root there is no machine to pull the cable of: skipped.');

let server: ServerProcess;
let secure: ServerProcess;

beforeAll(async () => {
  const env = { HOST: '0.0.0.0', WORKERS: '1', RESUME_SECONDS: String(RESUME_SECONDS) };
  server = await ServerProcess.start({ env });
  secure = await ServerProcess.start({ env: { WORKERS: '1', TLS_SELF_SIGNED: 'true' } });
});
afterAll(async () => {
  machine?.close();
  await Promise.all([server.close(), secure.close()]);
});

/** @returns seconds from now until it is closed */
async function closes(what: string, socket: Socket | WebSocket): Promise<number> {
  const start = performance.now();
  await closed(socket);
  const seconds = (performance.now() - start) / 1_000;
  console.log(`${what}: closed after ${seconds.toFixed(1)} s`);
  return seconds;
}

async function dial({ port }: ServerProcess): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // Without a reader, the end would not be noticed.
  return socket.resume();
}

/** Answers the server's pings, and says nothing else. */
async function webSocket(path: string, first?: string): Promise<WebSocket> {
  const url = new URL(`${path}/?EIO=4&transport=websocket`, server.url);
  url.protocol = 'ws:';
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.on('message', (data: Buffer) => {
    if (data.toString() === '2') socket.send('3');
  });
  if (first !== undefined) socket.send(first);
  return socket;
}

describe.runIf(machine)('One whose machine is gone without a word', () => {
  it(
    `is seen to be gone within ${NOTICED_SECONDS} s, keeps the place for a while, and leaves nothing behind`,
    async () => {
      const ana = await SignalClient.connect(server.url);
      await ana.join('cable', 'Ana');
      const descriptors = (): number => readdirSync(`/proc/${server.pid}/fd`).length;
      const before = descriptors();
      const url = `http://${machine!.addressHere}:${server.port}/`;
      const id = await machine!.run(PARTICIPANT, url, 'cable', 'Zoe');
      await ana.told('participantJoined', ({ participant }) => participant.id === id);
      machine!.unplug();
      const start = performance.now();
      const since = (): number => (performance.now() - start) / 1_000;
      const patient = { timeoutMs: PATIENCE_MS };
      await ana.told(
        'participantChanged',
        ({ participant }) => participant.id === id && !participant.connected,
        patient,
      );
      const noticed = since();
      const { reason } = await ana.told('participantLeft', (event) => event.participantId === id, patient);
      const left = since();
      console.log(
        `others saw it after ${noticed.toFixed(1)} s, and had the place after ${left.toFixed(1)} s`,
      );
      expect(reason).toBe('connection-lost');
      expect(noticed).toBeLessThan(NOTICED_SECONDS);
      expect(left - noticed).toBeGreaterThan(RESUME_SECONDS - 0.5);
      expect(left - noticed).toBeLessThan(RESUME_SECONDS + SLACK_SECONDS);
      // A connection is waited for to end by itself, for half a minute.
      await until('the connection is gone', descriptors, (count) => count <= before, patient);
      console.log(`its connection was gone after ${since().toFixed(1)} s`);
      ana.close();
    },
    2 * PATIENCE_MS,
  );
});

/** Sends one word a second until the connection is closed. */
function goesOn(socket: Socket, word: string): void {
  const words = setInterval(() => socket.write(word), 1_000);
  socket.once('close', () => clearInterval(words));
}

describe('A connection is closed in time', () => {
  it.concurrent(
    'whose first request never comes',
    async () => {
      expect(await closes('nothing', await dial(server))).toBeLessThan(SECONDS.head + SLACK_SECONDS);
    },
    PATIENCE_MS,
  );

  it.concurrent(
    'whose request comes word by word, and whose head never ends',
    async () => {
      const socket = await dial(server);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
      goesOn(socket, 'X-Word: x\r\n');
      expect(await closes('an endless head', socket)).toBeLessThan(SECONDS.head + SLACK_SECONDS);
    },
    PATIENCE_MS,
  );

  it.concurrent(
    'whose request has a body that never ends',
    async () => {
      const socket = await dial(server);
      socket.write('POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
      socket.write('Content-Length: 60000\r\n\r\n');
      goesOn(socket, ' ');
      expect(await closes('an endless body', socket)).toBeLessThan(SECONDS.whole + SLACK_SECONDS);
    },
    PATIENCE_MS,
  );

  it.concurrent(
    'that never becomes one of TLS',
    async () => {
      expect(await closes('no TLS', await dial(secure))).toBeLessThan(SECONDS.handshake + SLACK_SECONDS);
    },
    PATIENCE_MS,
  );

  it.concurrent.each([
    { what: 'that never becomes a socket of a participant', path: 'socket.io', first: undefined },
    { what: 'of a participant who never joins', path: 'socket.io', first: '40' },
    { what: 'that never becomes one of a bridge', path: 'bridge', first: undefined },
  ])(
    '$what',
    async ({ what, path, first }) => {
      expect(await closes(what, await webSocket(path, first))).toBeLessThan(SECONDS.join + SLACK_SECONDS);
    },
    PATIENCE_MS,
  );
});
