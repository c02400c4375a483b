/** The socket.io end of signalling: sockets in, one `SocketEnd` for each, all of them out again at the end. */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type { Conference } from '../conference/conference.ts';
import type { Clock, Identify } from '../conference/ports.ts';
import type { ClientToServerEvents, IceServer, ServerToClientEvents } from './contract.ts';
import { mayOpen, withSafeHeaders } from './handshake.ts';
import { RateLimits } from './rate-limits.ts';
import type { RateLimitOptions } from './rate-limits.ts';
import { RequestError } from './errors.ts';
import { Sessions } from './sessions.ts';
import { SocketEnd } from './socket-end.ts';

export interface GatewayOptions {
  /** Path that the server is reached under: `` or `/meet`. */
  basePath: string;
  /** Largest message, in bytes: a socket that sends a larger one is closed. */
  maxMessageBytes: number;
  /** Origins whose pages may use this server beside those that it is asked under the name of. */
  allowedOrigins: readonly string[];
  /** How long a participant without a socket stays, in ms. */
  resumeMs: number;
  iceServers: readonly IceServer[];
  rates: RateLimitOptions;
}

export interface GatewayParts {
  conference: Conference;
  clock: Clock;
  logger: Logger;
  newToken: () => string;
  identify: Identify;
  /** The client's address, which behind a trusted proxy is not the socket's. */
  addressOf: (request: IncomingMessage) => string;
  /** Called with the time that the server took for a join, in ms. */
  joinTook: (ms: number) => void;
}

/**
 * How often the server asks a client whether it is there, and how long it waits for the answer, in ms. Higher: less
 * traffic, and others see later that somebody is gone. Lower: a short gap in the radio costs a reconnection.
 */
const PING_INTERVAL_MS = 8_000;
const PING_TIMEOUT_MS = 8_000;
/** A connection that has not become a socket of ours by then is closed, in ms. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Characters of an origin in the log: what a browser sends is never longer than a host name. */
const MAX_LOGGED_ORIGIN = 270;

export class Gateway {
  readonly #io: Server<ClientToServerEvents, ServerToClientEvents>;

  constructor(server: HttpServer | HttpsServer, options: GatewayOptions, parts: GatewayParts) {
    const { clock, logger } = parts;
    const sessions = new Sessions({ clock, resumeMs: options.resumeMs });
    const limits = new RateLimits(options.rates);
    const origins = new Set(options.allowedOrigins);
    const admit = async (request: IncomingMessage): Promise<void> => {
      // First, so that nobody fills the log with what comes next.
      await limits.connection(parts.addressOf(request));
      if (mayOpen(request, origins)) return;
      const origin = request.headers.origin?.slice(0, MAX_LOGGED_ORIGIN);
      logger.warn({ origin }, 'a page of another site was refused, see ALLOWED_ORIGINS and PUBLIC_URL');
      throw new RequestError('forbidden', 'Pages of other sites may not use this server.');
    };
    this.#io = new Server(server, {
      path: `${options.basePath}/socket.io`,
      serveClient: false,
      maxHttpBufferSize: options.maxMessageBytes,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      ...(options.allowedOrigins.length > 0 ? { cors: { origin: [...options.allowedOrigins] } } : {}),
      allowRequest: (request, answer) => {
        admit(request).then(
          () => answer(null, true),
          (error: unknown) => answer(error instanceof Error ? error.message : null, false),
        );
      },
    });
    this.#io.engine.use(withSafeHeaders);
    this.#io.engine.on('connection_error', ({ code, message }: { code: number; message: string }) =>
      logger.debug({ code, reason: message }, 'a connection was refused'),
    );
    this.#io.on('connection', (socket) => {
      const address = parts.addressOf(socket.request);
      new SocketEnd(socket, {
        ...parts,
        address,
        sessions,
        limits,
        iceServers: options.iceServers,
        logger: logger.child({ socket: socket.id }),
      });
    });
  }

  /** Closes all sockets. The HTTP server stops listening with it. */
  async close(): Promise<void> {
    await this.#io.close();
  }
}
