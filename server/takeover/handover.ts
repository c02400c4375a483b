/**
 * What a server does for the one that takes over from it. It is asked to hold, which is undone when the successor does
 * not come to serve, and then to yield, which is final.
 */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import type { RoomName } from '../conference/model.ts';
import type { WebDoor } from '../http/web-door.ts';
import { openLocalDoor } from './local-door.ts';
import { VERSION, receive, request, send } from './messages.ts';
import type { Facts, Request, Telling } from './messages.ts';
import { listenLocally, socketPaths } from './sockets.ts';
import type { SocketPaths } from './sockets.ts';

export interface HeldRooms {
  /** Of those that are open, and those that are being opened. */
  readonly roomNames: RoomName[];
  /** Whether no more are opened. */
  readonly draining: boolean;
  hold(): void;
  /** Takes `hold` back. */
  goOn(): void;
  onGone(listener: (room: RoomName) => void): void;
}

export interface HandoverParts {
  /** Handles requests. */
  app: HttpServer;
  rtcPorts: Facts['rtcPorts'];
  /** The web port. */
  door: WebDoor;
  rooms: HeldRooms;
  /** Whether there are rooms at a predecessor of this server. */
  hasPredecessor: () => boolean;
  /** Ends with the last room, or after so many seconds. */
  yield: (seconds: number) => void;
  /** The successor delivers webhooks from now on. @param more is to be called when there are any for it */
  handOverWebhooks: (more: () => void) => void;
  /** It does so no more. */
  takeBackWebhooks: () => void;
  logger: Logger;
}

/** A successor that does not come to serve within so long of the hold, in ms, does not come at all. */
const SERVES_WITHIN_MS = 10_000;
/** Between two tries to have the web port again, in ms. */
const REOPEN_PAUSE_MS = 50;
/** Characters of a name that no other server of the folder has. The path of a unix socket has room for 107 bytes. */
const ID_LENGTH = 8;

export class Handover {
  readonly #parts: HandoverParts;
  readonly #paths: SocketPaths;
  readonly #server: Server;
  #closeLocalDoor: (() => void) | null = null;
  /** Who has asked this server to hold. */
  #successor: Socket | null = null;
  #yielded = false;
  #waiting: NodeJS.Timeout | null = null;

  private constructor(paths: SocketPaths, parts: HandoverParts) {
    this.#paths = paths;
    this.#parts = parts;
    this.#server = createServer((socket) => this.#meet(socket));
    // What ends with a room is written by then.
    parts.rooms.onGone((room) => setImmediate(() => this.#tell({ tell: 'gone', room })));
  }

  /** Lets successors come. @returns null where the system does not have it: this server serves all the same */
  static async offer(dataDir: string, parts: HandoverParts): Promise<Handover | null> {
    const paths = socketPaths(dataDir, nanoid(ID_LENGTH));
    try {
      const handover = new Handover(paths, parts);
      handover.#closeLocalDoor = await openLocalDoor(paths.pass, parts.app);
      await listenLocally(handover.#server, paths.talk);
      return handover;
    } catch (error) {
      parts.logger.warn({ err: error }, 'no other server will be able to take over from this one');
      return null;
    }
  }

  /** No other successor may come. The one that is there sees the end of this process by itself. */
  close(): void {
    this.#server.close();
    this.#closeLocalDoor?.();
  }

  #meet(socket: Socket): void {
    const { logger } = this.#parts;
    receive(socket, request, (asked) => this.#answer(socket, asked));
    socket.on('error', (err) => logger.warn({ err }, 'the connection to another server is broken'));
    socket.on('close', () => {
      if (socket === this.#successor) this.#lost();
    });
  }

  #answer(socket: Socket, asked: Request): void {
    if (asked.ask === 'facts') {
      const { rtcPorts, rooms, hasPredecessor } = this.#parts;
      const isStopping = rooms.draining && !this.#yielded;
      const busy = isStopping || this.#successor !== null || hasPredecessor();
      send(socket, { tell: 'facts', version: VERSION, busy, rtcPorts, passTo: this.#paths.pass });
    } else if (asked.ask === 'hold' && this.#successor === null) {
      this.#hold(socket);
    } else if (asked.ask === 'yield' && this.#successor === socket) {
      this.#yield(asked.seconds);
    } else {
      socket.destroy(new Error(`It asks to ${asked.ask} when it may not.`));
    }
  }

  #hold(successor: Socket): void {
    this.#successor = successor;
    this.#waiting = setTimeout(
      () => successor.destroy(new Error('It does not come to serve.')),
      SERVES_WITHIN_MS,
    );
    const { logger, rooms, door } = this.#parts;
    logger.info('another server is about to take over');
    rooms.hold();
    door.close();
    this.#tell({ tell: 'held', rooms: rooms.roomNames });
  }

  #yield(seconds: number): void {
    const { logger, handOverWebhooks } = this.#parts;
    if (this.#waiting) clearTimeout(this.#waiting);
    logger.info({ seconds }, 'another server has taken over, this one ends with its rooms');
    this.#tell({ tell: 'yielded' });
    handOverWebhooks(() => this.#tell({ tell: 'webhooks' }));
    if (!this.#yielded) this.#parts.yield(seconds);
    this.#yielded = true;
  }

  /** Before it has yielded, nothing was. Afterwards it goes on with its rooms, until another successor comes. */
  #lost(): void {
    const { logger, takeBackWebhooks } = this.#parts;
    this.#successor = null;
    if (this.#waiting) clearTimeout(this.#waiting);
    if (this.#yielded) {
      logger.error('the server that has taken over is gone');
      takeBackWebhooks();
    } else {
      logger.warn('the server that was about to take over is gone, this one goes on');
      void this.#goOn();
    }
  }

  /** Serves again, as soon as nobody else has the port. Never rejects. */
  async #goOn(): Promise<void> {
    const { logger, rooms, door } = this.#parts;
    rooms.goOn();
    while (!rooms.draining) {
      try {
        await door.open();
        return;
      } catch (error) {
        logger.warn({ err: error }, 'the web port is still taken');
        await new Promise((resolve) => setTimeout(resolve, REOPEN_PAUSE_MS));
      }
    }
  }

  #tell(telling: Telling): void {
    if (this.#successor) send(this.#successor, telling);
  }
}
