/** The bridge's end of its socket to the server: it comes back, whoever ended it. */
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { Server } from 'socket.io';
import { ServerSocket } from '../../../server/bridge/link/server-socket.ts';
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
