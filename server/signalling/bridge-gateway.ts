/** Where bridges come in: a socket.io server of its own beside the participants', with a quicker heartbeat. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { once } from 'node:events';
import type { Server as HttpsServer } from 'node:https';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type { Conference } from '../conference/conference.ts';
import type { Dialler, Dialling } from '../conference/dialling.ts';
import type { Clock } from '../conference/ports.ts';
import { BridgeDoor } from './bridge-door.ts';
import { BridgeEnd } from './bridge-end.ts';
import type { CallObserver } from './bridge-end.ts';
import type { BridgeStatus } from './bridge-status.ts';
import { CallerLimits } from './caller-limits.ts';
import type { BridgeToServerEvents, DrainNotice, ServerToBridgeEvents } from './contract/bridge.ts';
import { withSafeHeaders } from './handshake.ts';

export interface BridgeGatewayOptions {
  /** Path that the server is reached under: `` or `/meet`. */
  basePath: string;
  /** What bridges prove themselves with. */
  secret: string;
  /** Whether numbers of callers are shown to those who are no hosts, too. */
  showNumbers: boolean;
}

export interface BridgeGatewayParts {
  conference: Conference;
  dialling: Dialling;
  clock: Clock;
  calls: CallObserver;
  /** A bridge's address, which behind a trusted proxy is not the socket's. */
  addressOf: (request: IncomingMessage) => string;
  logger: Logger;
}

/** What the bridge beside this server counts as: proxies on this machine have its address as well. */
const BESIDE = 'beside';

/** A bridge that does not answer for so long is gone, and its callers with it, in ms. Lower: a busy one is given up. */
const PING_INTERVAL_MS = 2_000;
const PING_TIMEOUT_MS = 3_000;
/** One that has not said by then that it is a bridge is let go, in ms. */
const CONNECT_TIMEOUT_MS = 15_000;
/** No message of a bridge is longer, in bytes. */
const MAX_MESSAGE_BYTES = 65_536;

export class BridgeGateway implements Dialler {
  readonly #io: Server<BridgeToServerEvents, ServerToBridgeEvents>;
  readonly #conference: Conference;
  readonly #ends = new Set<BridgeEnd>();
  #local: HttpServer | null = null;
  /** As rooms were told last. */
  #wasReady = false;
  /** What bridges were told last of the end; null in normal times. */
  #notice: DrainNotice | null = null;

  constructor(server: HttpServer | HttpsServer, options: BridgeGatewayOptions, parts: BridgeGatewayParts) {
    const { basePath, secret } = options;
    const limits = new CallerLimits();
    const door = new BridgeDoor(secret, parts.logger);
    this.#conference = parts.conference;
    this.#io = new Server(server, {
      path: `${basePath}/bridge`,
      serveClient: false,
      transports: ['websocket'],
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Browsers have no business here, whatever their pages know.
      allowRequest: ({ headers }, answer) => answer(null, headers.origin === undefined),
    });
    this.#io.engine.use(withSafeHeaders);
    this.#io.use((socket, next) => {
      const auth: Record<string, unknown> = socket.handshake.auth;
      const address = this.#isBeside(socket.request) ? BESIDE : parts.addressOf(socket.request);
      door.admit(address, auth['secret']).then(
        () => next(),
        (error: unknown) => next(error instanceof Error ? error : new Error('The door failed.')),
      );
    });
    this.#io.on('connection', (socket) => {
      const logger = parts.logger.child({ bridge: socket.id });
      const end = new BridgeEnd(socket, {
        ...parts,
        ...options,
        limits,
        logger,
        onHello: () => this.#review(),
      });
      this.#ends.add(end);
      logger.info('a bridge has come');
      if (this.#notice) socket.emit('draining', this.#notice);
      socket.on('disconnect', (reason) => {
        this.#ends.delete(end);
        logger.warn({ reason, calls: end.callCount }, 'a bridge is gone');
        end.close();
        this.#review();
      });
    });
  }

  /**
   * Lets the bridge beside this server in by a port of its own, on loopback and without TLS.
   * @returns the URL
   */
  async listenLocally(): Promise<string> {
    const server = createServer();
    this.#io.attach(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#local = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The port has no number.');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Of all bridges that are there. */
  get status(): BridgeStatus[] {
    return [...this.#ends].map(({ status }) => status);
  }

  isReady(): boolean {
    return this.#notice === null && [...this.#ends].some(({ isReady }) => isReady);
  }

  dial(request: Parameters<Dialler['dial']>[0]): boolean {
    if (this.#notice) return false;
    const ready = [...this.#ends].filter(({ isReady }) => isReady);
    // The one that has the least to do.
    const [end] = ready.sort((a, b) => a.callCount - b.callCount);
    end?.dial(request);
    return end !== undefined;
  }

  cancel(dialId: string): void {
    for (const end of this.#ends) end.cancelDial(dialId);
  }

  /** New calls are for another server; callers who are there need not know yet. @param deadline of rooms, in ms since the epoch */
  takenOver(deadline: number): void {
    this.#tell({ deadline, takenOver: true });
  }

  /** No new calls, and callers are told: they will be ended with their rooms. @param deadline in ms since the epoch */
  tellOfEnd(deadline: number): void {
    this.#tell({ deadline });
  }

  #tell(notice: DrainNotice): void {
    this.#notice = notice;
    this.#io.emit('draining', notice);
    this.#review();
  }

  /** The participants' HTTP server, which it shares, is not its own to close. */
  close(): void {
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
    this.#local?.close();
  }

  #isBeside({ socket }: IncomingMessage): boolean {
    const address = this.#local?.address();
    return typeof address === 'object' && address !== null && address.port === socket.localPort;
  }

  /** Tells rooms when it is another whether anybody can be called. */
  #review(): void {
    const isReady = this.isReady();
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    this.#conference.canDialChanged();
  }
}
