/** The socket to the conference server: comes back by itself, asks with an answer, and loses no call record. */
import { EventEmitter } from 'node:events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type {
  BridgeAnswers,
  BridgeRequestInput,
  BridgeRequestName,
  BridgeResult,
  CallRecord,
  ServerToBridgeEvents,
} from '../../signalling/contract/bridge.ts';
import type { ContractError } from '../../signalling/contract/words.ts';

export interface ServerSocketOptions {
  /** Where the server is, with its base path, such as `https://meet.example.org/`. */
  serverUrl: string;
  secret: string;
}

/** A request that the server refused, or did not answer. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ContractError['code'] | 'unreachable';

  constructor(code: ServerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export type ServerMessages = { [E in keyof ServerToBridgeEvents]: Parameters<ServerToBridgeEvents[E]> } & {
  connected: [];
  /** Each time that the connection, or a try at it, has come to nothing. */
  lost: [reason: string];
  /** A call record was not taken. */
  unrecorded: [error: unknown];
};

type Message<E extends keyof ServerToBridgeEvents> = Parameters<ServerToBridgeEvents[E]>[0];

/** For an answer, in ms. */
const ANSWER_TIMEOUT_MS = 8_000;
/** Between two tries to connect, in ms: the first pause, and the longest. */
const AGAIN_FIRST_MS = 300;
const AGAIN_LONGEST_MS = 5_000;
/** Records kept for a server that is gone. More: nothing is lost in a longer absence. Fewer: less memory. */
const MAX_RECORDS = 10_000;

export class ServerSocket extends EventEmitter<ServerMessages> {
  /** Typed by `ask` and `ServerMessages`: the library cannot relate a request's name to its payload. */
  readonly #socket: Socket;
  #records: CallRecord[] = [];
  #sending = false;
  #again: NodeJS.Timeout | null = null;
  #closed = false;

  constructor({ serverUrl, secret }: ServerSocketOptions) {
    super();
    const url = new URL(serverUrl);
    this.#socket = io(url.origin, {
      path: `${url.pathname.replace(/\/$/, '')}/bridge`,
      transports: ['websocket'],
      auth: { secret },
      reconnectionDelay: AGAIN_FIRST_MS,
      reconnectionDelayMax: AGAIN_LONGEST_MS,
      autoConnect: false,
    });
    this.#socket.on('connect', () =>
      this.#inTurn(() => {
        this.emit('connected');
        void this.#sendRecords();
      }),
    );
    this.#socket.on('disconnect', (reason) => this.#lost(reason));
    this.#socket.on('connect_error', (error) => this.#lost(error.message));
    this.#on('call', (message) => this.emit('call', message));
    this.#on('room', (message) => this.emit('room', message));
    this.#on('dial', (message) => this.emit('dial', message));
    this.#on('cancelDial', (message) => this.emit('cancelDial', message));
    this.#on('draining', (message) => this.emit('draining', message));
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Whether there are records that it has not taken yet. */
  get hasRecords(): boolean {
    return this.#records.length > 0;
  }

  open(): void {
    this.#socket.connect();
  }

  close(): void {
    this.#closed = true;
    if (this.#again) clearTimeout(this.#again);
    this.#socket.disconnect();
  }

  /** @throws ServerError */
  async ask<N extends BridgeRequestName>(name: N, payload: BridgeRequestInput<N>): Promise<BridgeAnswers[N]> {
    const result = await this.#answer(name, payload);
    if (!result.ok) throw new ServerError(result.error.code, result.error.message);
    return result.value;
  }

  #on<E extends keyof ServerToBridgeEvents>(name: E, tell: (message: Message<E>) => void): void {
    const listener = (message: Message<E>): void => this.#inTurn(() => tell(message));
    this.#socket.on<string>(name, listener);
  }

  /**
   * What comes, answers too, is told in the order in which it came, and each when all is done that followed at once from the
   * one before: of what comes in one piece, an answer would be overtaken, as whoever waits for it goes on a little later.
   */
  #inTurn(tell: () => void): void {
    setImmediate(tell);
  }

  #lost(reason: string): void {
    this.#inTurn(() => this.emit('lost', reason));
    // Where it was the server that refused, or hung up, the library does not try again.
    if (this.#socket.active || this.#closed) return;
    if (this.#again) clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#socket.connect(), AGAIN_LONGEST_MS);
  }

  /** Tells it as soon as the server is there. */
  record(record: CallRecord): void {
    this.#records.push(record);
    if (this.#records.length > MAX_RECORDS) this.#records.shift();
    void this.#sendRecords();
  }

  #answer<N extends BridgeRequestName>(
    name: N,
    payload: BridgeRequestInput<N>,
  ): Promise<BridgeResult<BridgeAnswers[N]>> {
    return new Promise((resolve, reject) => {
      const fail = (message: string): void =>
        this.#inTurn(() => reject(new ServerError('unreachable', message)));
      if (!this.connected) {
        fail('The server is not connected.');
        return;
      }
      this.#socket
        .timeout(ANSWER_TIMEOUT_MS)
        .emit(name, payload, (error: Error | null, result: BridgeResult<BridgeAnswers[N]>) => {
          if (error) fail(`The server does not answer to ${name}.`);
          else this.#inTurn(() => resolve(result));
        });
    });
  }

  /** One after the other; what is not acknowledged is told again. Never rejects. */
  async #sendRecords(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    let isSettled = true;
    for (let record = this.#records[0]; record && isSettled && this.connected; record = this.#records[0]) {
      isSettled = await this.#settle(record);
      if (isSettled) this.#records.shift();
    }
    this.#sending = false;
  }

  /** @returns false for a record that is to be told again. One that does not fit never will. Never rejects. */
  async #settle(record: CallRecord): Promise<boolean> {
    try {
      await this.ask('record', record);
      return true;
    } catch (error) {
      this.emit('unrecorded', error);
      return error instanceof ServerError && error.code === 'invalid-request';
    }
  }
}
