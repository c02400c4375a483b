/**
 * One socket to the server: requests with one answer each, and batches of events. It does not come back once it
 * is lost; the client opens another.
 */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type {
  Answers,
  ContractError,
  EventBatch,
  RequestInput,
  RequestName,
  Result,
  WaitingEvent,
} from '../../server/signalling/contract.ts';
import { RoomClientError, refusal } from './errors.ts';

/** Longer: a slow server is waited for. Shorter: a dead way to it is noticed sooner. */
export const REQUEST_TIMEOUT_MS = 8_000;
/** For the socket to open, all transports tried. */
const OPEN_TIMEOUT_MS = 10_000;

/** Waits for a server that asks for patience at most so often. */
const MAX_PATIENCE = 3;
const PATIENCE_MS = 1_000;

/** Sends one request. @throws RoomClientError */
export type Ask = <N extends RequestName>(
  name: N,
  payload: RequestInput<N>,
  timeoutMs?: number,
) => Promise<Answers[N]>;

export interface ConnectionListener {
  events(batch: EventBatch): void;
  waiting(event: WaitingEvent): void;
  /** Called once, after the connection was open and before anything else is done about it. */
  lost(reason: string): void;
}

export class Connection {
  readonly #socket: Socket;
  /** What came before anybody listened. */
  #early: ((listener: ConnectionListener) => void)[] = [];
  #listener: ConnectionListener | null = null;
  #closed = false;
  /** Ends the attempt to connect. */
  #abort: (() => void) | null = null;

  /**
   * @param serverUrl base of the server; a path in it is kept, for servers below one
   * @param room that will be joined: while a new version takes over, this leads to the server that has it
   */
  constructor(serverUrl: string, room: string) {
    const url = new URL(serverUrl);
    this.#socket = io(url.origin, {
      path: `${url.pathname.replace(/\/*$/, '')}/socket.io`,
      query: { room },
      // WebSocket first saves two round trips; polling is for networks that break it.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      // The client decides itself when to come back, and as whom.
      reconnection: false,
      forceNew: true,
      autoConnect: false,
      timeout: OPEN_TIMEOUT_MS,
    });
    this.#socket.on('events', (batch: EventBatch) => this.#tell((listener) => listener.events(batch)));
    this.#socket.on('waiting', (event: WaitingEvent) => this.#tell((listener) => listener.waiting(event)));
    this.#socket.on('disconnect', (reason) => {
      if (!this.#closed) this.#lose(reason);
    });
  }

  get open(): boolean {
    return this.#socket.connected;
  }

  /** @throws RoomClientError `unreachable`, or what the server refused the handshake with */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: RoomClientError) => {
        clearTimeout(timer);
        reject(error);
        this.close();
      };
      const timer = setTimeout(
        () => fail(new RoomClientError('unreachable', 'The server does not answer.')),
        OPEN_TIMEOUT_MS,
      );
      this.#abort = () => fail(new RoomClientError('unreachable', 'The connection was given up.'));
      this.#socket.once('connect', () => {
        clearTimeout(timer);
        this.#abort = null;
        resolve();
      });
      this.#socket.once('connect_error', (error) => {
        const refused = 'data' in error && isContractError(error.data) ? refusal(error.data) : null;
        fail(
          refused ?? new RoomClientError('unreachable', 'The server cannot be reached.', { cause: error }),
        );
      });
      this.#socket.connect();
    });
  }

  /** Hands over what has come already, then what comes. */
  listen(listener: ConnectionListener): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const tell of early) tell(listener);
  }

  /** What comes from now on is kept for the next listener. */
  hold(): void {
    this.#listener = null;
  }

  #tell(tell: (listener: ConnectionListener) => void): void {
    if (this.#listener) tell(this.#listener);
    else this.#early.push(tell);
  }

  /** A server that does not answer in time counts as lost, and with it this connection. */
  readonly ask: Ask = (name, payload, timeoutMs = REQUEST_TIMEOUT_MS) =>
    new Promise((resolve, reject) => {
      if (!this.open) {
        reject(new RoomClientError('unreachable', 'There is no connection to the server.'));
        return;
      }
      this.#socket
        .timeout(timeoutMs)
        .emit(name, payload, (error: Error | null, result: Result<Answers[typeof name]>) => {
          if (!error) {
            if (result.ok) resolve(result.value);
            else reject(refusal(result.error));
          } else if (this.open) {
            reject(new RoomClientError('timeout', `The server did not answer "${name}".`, { cause: error }));
            this.#lose('timeout');
          } else {
            reject(new RoomClientError('unreachable', 'The connection was lost.', { cause: error }));
          }
        });
    });

  /** Says good-bye without waiting, for a page that is about to go. */
  sayLeave(): void {
    if (this.open) this.#socket.emit('leave', {});
  }

  /** Idempotent; not a loss that is told. */
  close(): void {
    this.#closed = true;
    const abort = this.#abort;
    this.#abort = null;
    abort?.();
    this.#socket.disconnect();
  }

  #lose(reason: string): void {
    this.close();
    this.#listener?.lost(reason);
  }
}

/** Repeats what was refused for being too fast, when the server says it may: for requests that nobody clicks on. */
export function patiently(ask: Ask): Ask {
  return async (name, payload, timeoutMs) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(name, payload, timeoutMs);
      } catch (error) {
        const isRate = error instanceof RoomClientError && error.code === 'rate-limited';
        if (!isRate || attempt > MAX_PATIENCE) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? PATIENCE_MS));
      }
    }
  };
}

function isContractError(data: unknown): data is ContractError {
  return typeof data === 'object' && data !== null && 'code' in data && 'message' in data;
}
