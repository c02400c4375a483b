/** The server that is taken over from, as its successor has it: what it says, and which rooms are still there. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { RoomName } from '../conference/model.ts';
import type { Passage } from '../http/web-door.ts';
import { StartError } from '../start-error.ts';
import { VERSION, receive, send, telling } from './messages.ts';
import type { Facts, Request, Telling } from './messages.ts';
import { passageTo } from './passing.ts';
import { roomAskedFor } from './rooms-asked-for.ts';
import { connectToAll } from './sockets.ts';

interface PredecessorEvents {
  /** Webhooks wait in the queue, and it delivers none. */
  webhooks: [];
  /** Its process is gone, after it has yielded. @param rooms that had not ended */
  ended: [rooms: RoomName[]];
}

const HOW_TO_GO_ON = 'Stop that one, or set TAKE_OVER_SECONDS to take over from it.';
const WAIT = 'Wait until the server before has ended, or stop that one.';

/** For an answer, in ms. It stops to listen within some. */
const ANSWER_TIMEOUT_MS = 5_000;

export class Predecessor extends EventEmitter<PredecessorEvents> {
  readonly #socket: Socket;
  readonly #logger: Logger;
  readonly #rooms = new Set<RoomName>();
  #facts: Facts | null = null;
  #passage: Passage | null = null;
  #hasYielded = false;
  #isOver = false;
  /** Takes the next answer; null for the end of the connection. */
  #answered: ((telling: Telling | null) => void) | null = null;

  private constructor(socket: Socket, logger: Logger) {
    super();
    this.#socket = socket;
    this.#logger = logger;
    receive(socket, telling, (told) => this.#take(told));
    socket.on('error', (err) => logger.warn({ err }, 'the connection to the server before is broken'));
    socket.on('close', () => this.#lost());
  }

  /**
   * The server that runs on this folder.
   * @param mayTakeOver false where it is a mistake that there is one
   * @returns null when there is none
   * @throws StartError when it is not to be taken over from, or can not be now
   */
  static async find(dataDir: string, mayTakeOver: boolean, logger: Logger): Promise<Predecessor | null> {
    const sockets = await connectToAll(dataDir);
    const [socket] = sockets;
    if (!socket) return null;
    try {
      if (!mayTakeOver) throw new StartError(`DATA_DIR: another server runs with it. ${HOW_TO_GO_ON}`);
      if (sockets.length > 1) throw new StartError(`TAKE_OVER_SECONDS: the last take-over goes on. ${WAIT}`);
      const predecessor = new Predecessor(socket, logger);
      await predecessor.#meet();
      return predecessor;
    } catch (error) {
      for (const other of sockets) other.destroy();
      throw error;
    }
  }

  get facts(): Facts {
    if (!this.#facts) throw new Error('The server before has not said who it is.');
    return this.#facts;
  }

  async #meet(): Promise<void> {
    const facts = await this.#ask({ ask: 'facts' });
    if (facts?.tell !== 'facts' || facts.version !== VERSION) {
      throw new StartError(
        'TAKE_OVER_SECONDS: the server that runs can not be taken over from. Stop it first.',
      );
    }
    if (facts.busy) throw new StartError(`TAKE_OVER_SECONDS: the last take-over goes on. ${WAIT}`);
    this.#facts = facts;
    this.#passage = passageTo(facts.passTo, this.#logger);
  }

  /** Has it get off the web port, and open no more rooms. @throws StartError when it does not */
  async hold(): Promise<void> {
    const held = await this.#ask({ ask: 'hold' });
    if (held?.tell !== 'held')
      throw new StartError('TAKE_OVER_SECONDS: the server that runs does not give way.');
    for (const room of held.rooms) this.#rooms.add(room);
  }

  /** Has it end with its last room, or after so many seconds. @throws StartError when it has gone on meanwhile */
  async yield(seconds: number): Promise<void> {
    const yielded = await this.#ask({ ask: 'yield', seconds });
    if (yielded?.tell !== 'yielded')
      throw new StartError('TAKE_OVER_SECONDS: the server that runs has gone on.');
    this.#hasYielded = true;
    this.#logger.info(
      { rooms: this.#rooms.size },
      'taken over from the server before, whose rooms go on there',
    );
  }

  /** Whether its process is gone, or was let go. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Those that have not ended there. */
  get rooms(): RoomName[] {
    return [...this.#rooms];
  }

  has(room: RoomName): boolean {
    return this.#rooms.has(room);
  }

  /** Where a request is to go that is about a room there; null for others. */
  passageFor({ url = '' }: IncomingMessage, basePath: string): Passage | null {
    if (this.#rooms.size === 0) return null;
    const room = roomAskedFor(url, basePath);
    return room !== null && this.has(room) ? this.#passage : null;
  }

  /** Lets go of it; before it has yielded, it goes on as if nothing had been. Idempotent. */
  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #ask(request: Request): Promise<Telling | null> {
    return new Promise((resolve) => {
      const answered = (told: Telling | null): void => {
        clearTimeout(timer);
        this.#answered = null;
        resolve(told);
      };
      const timer = setTimeout(() => answered(null), ANSWER_TIMEOUT_MS);
      this.#answered = answered;
      if (this.#socket.destroyed) answered(null);
      else send(this.#socket, request);
    });
  }

  #take(told: Telling): void {
    switch (told.tell) {
      case 'gone':
        this.#rooms.delete(told.room);
        return;
      case 'webhooks':
        this.emit('webhooks');
        return;
      default:
        this.#answered?.(told);
    }
  }

  #lost(): void {
    this.#answered?.(null);
    if (this.#isOver || !this.#hasYielded) return;
    this.#isOver = true;
    const rooms = this.rooms;
    this.#rooms.clear();
    if (rooms.length > 0)
      this.#logger.error({ rooms }, 'the server before has died, its rooms are taken over');
    else this.#logger.info('the server before has ended');
    this.emit('ended', rooms);
  }
}
