/** The web port: requests come in by it, and go to the app, or to another server that they are meant for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { StartError } from '../start-error.ts';
import type { Credentials } from './tls.ts';

/** Takes requests in place of the app. */
export interface Passage {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface WebDoorOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** Null serves plain HTTP. */
  tls: Credentials | null;
  /** Where a request is to go; null for the app. */
  passage: (request: IncomingMessage) => Passage | null;
}

/** By when things must have come in, in ms. Lower: slow senders hold fewer connections, and slow networks fail. */
const TIMEOUTS_MS = {
  /** The head of a request; of the first one, from the beginning of the connection on. */
  headersTimeout: 15_000,
  /** All of a request. */
  requestTimeout: 30_000,
  /** The next request; longer than proxies keep connections, usually 60 s. */
  keepAliveTimeout: 72_000,
  /** How often Node looks whose time is over. */
  connectionsCheckingInterval: 5_000,
} as const;
/** By when a TLS connection must be one, in ms. */
const HANDSHAKE_TIMEOUT_MS = 15_000;

const ADVICE = new Map([
  ['EADDRINUSE', 'Another program serves there: stop it, or choose another PORT.'],
  [
    'EACCES',
    'Ports below 1024 need a privilege: choose another PORT, and let a reverse proxy have that one.',
  ],
  ['EADDRNOTAVAIL', 'HOST is no address of this machine.'],
  ['ENOTFOUND', 'HOST is no name that this machine knows.'],
]);

/** @param tls null for plain HTTP */
export function createWebServer(tls: Credentials | null): HttpServer {
  return tls
    ? createSecureServer({ ...tls, ...TIMEOUTS_MS, handshakeTimeout: HANDSHAKE_TIMEOUT_MS })
    : createServer(TIMEOUTS_MS);
}

export class WebDoor {
  readonly #server: HttpServer;
  readonly #host: string;
  #port: number;

  /** @param app handles requests and upgrades; does not listen itself */
  constructor(app: HttpServer, { host, port, tls, passage }: WebDoorOptions) {
    this.#host = host;
    this.#port = port;
    const server = createWebServer(tls);
    server.on('request', (request, response) => {
      // Whoever comes back over this connection would find the app behind a closed door.
      if (!server.listening) response.shouldKeepAlive = false;
      const other = passage(request);
      if (other) other.request(request, response);
      else app.emit('request', request, response);
    });
    server.on('upgrade', (request, socket, head) => {
      const other = passage(request);
      if (other) other.upgrade(request, socket, head);
      else app.emit('upgrade', request, socket, head);
    });
    server.on('clientError', (error, socket) => app.emit('clientError', error, socket));
    this.#server = server;
  }

  /**
   * Begins to serve; also again after `close`, on the same port.
   * @returns the port, which is another than was asked for if that was 0
   * @throws StartError when the address or port can not be had
   */
  async open(): Promise<number> {
    try {
      this.#server.listen({ host: this.#host, port: this.#port });
      await once(this.#server, 'listening');
    } catch (error) {
      const advice = error instanceof Error && 'code' in error ? ADVICE.get(String(error.code)) : undefined;
      if (!(error instanceof Error) || advice === undefined) throw error;
      throw new StartError(`${error.message}. ${advice}`, { cause: error });
    }
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    return this.#port;
  }

  /** Takes no more connections, and ends those that wait for a request; others go on. Idempotent. */
  close(): void {
    this.#server.close();
  }

  /** Closes. Resolves when the last connection has ended. */
  async ended(): Promise<void> {
    await new Promise<void>((resolve) => {
      // It may be closed already.
      this.#server.close(() => resolve());
    });
  }
}
