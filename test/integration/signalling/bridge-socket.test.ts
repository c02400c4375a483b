/** The bridge's end of its socket to the server: it comes back, whoever ended it. */
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Server } from 'socket.io';
import { RoomLink } from '../../../server/bridge/link/room-link.ts';
import { ServerSocket } from '../../../server/bridge/link/server-socket.ts';
import { TestMedia } from '../../helpers/bridge-media.ts';
import { until } from '../../helpers/wait.ts';

let http: HttpServer;
let io: Server;
let serverUrl: string;
let socket: ServerSocket;
let refusal: Error | undefined;
let connections: number;
let lost: string[];

beforeEach(async () => {
  http = createServer();
  io = new Server(http, { path: '/bridge' });
  refusal = undefined;
  connections = 0;
  lost = [];
  io.use((_socket, next) => next(refusal));
  io.on('connection', () => (connections += 1));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  serverUrl = `http://127.0.0.1:${port}/`;
  socket = new ServerSocket({ serverUrl, secret: 'a secret' });
  socket.on('lost', (reason) => lost.push(reason));
});
afterEach(async () => {
  socket.close();
  await io.close();
});

const connected = (times: number) =>
  until(
    'it is connected',
    () => connections,
    (count) => count === times,
  );

describe('A bridge', () => {
  it('tries again where it was refused', async () => {
    refusal = new Error('Too many tries.');
    socket.open();
    await until(
      'it is refused',
      () => lost,
      (reasons) => reasons.includes('Too many tries.'),
    );
    refusal = undefined;
    await connected(1);
    // The server knows it a moment before the bridge does.
    await until(
      'the bridge knows it',
      () => socket.connected,
      (isConnected) => isConnected,
    );
  });

  it('comes back after a server that hung up, as one does that stops', async () => {
    socket.open();
    await connected(1);
    io.disconnectSockets(true);
    await connected(2);
  });
});

describe('A caller who is let in as soon as they wait', () => {
  /** Of a caller whom nobody knows. */
  const caller = { trunk: 'pbx', party: { number: null, name: null }, called: null, invitation: null };
  const nothing = (): void => undefined;

  it('is told so after being told to wait, though both come together', async () => {
    let greeted = 0;
    io.on('connection', (peer) => {
      peer.on('hello', (_hello, answer: (result: unknown) => void) => {
        greeted += 1;
        answer({ ok: true, value: {} });
      });
      peer.on('enter', ({ callId }: { callId: string }, answer: (result: unknown) => void) => {
        answer({ ok: true, value: { state: 'waiting', waitingFor: 'host' } });
        peer.emit('call', { callId, event: { type: 'waiting', waitingFor: 'lobby' } });
      });
    });
    const media = await TestMedia.start();
    const options = { serverUrl, secret: 'a secret', listenIp: '127.0.0.1', endsWithServer: false };
    const link = new RoomLink(options, media.thread, pino({ level: 'silent' }));
    try {
      link.open({
        state: { trunks: {}, calls: 0, refusing: false, callsOut: false },
        ...{ dial: () => nothing, serverStops: nothing, retire: nothing },
      });
      await until(
        'the bridge says who it is',
        () => greeted,
        (times) => times > 0,
      );
      const told: unknown[] = [];
      const tell = (event: unknown): void => void told.push(event);
      link.receive({ ...caller, callId: 'a' }, { tell, place: nothing, read: nothing }).ask('1', null);
      await until(
        'the caller is told both',
        () => told.length,
        (count) => count === 2,
      );
      expect(told).toEqual([
        { type: 'waiting', waitingFor: 'host' },
        { type: 'waiting', waitingFor: 'lobby' },
      ]);
    } finally {
      link.close();
      await media.close();
    }
  });
});
