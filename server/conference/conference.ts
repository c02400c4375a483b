/** All rooms of a server: opened for the first who comes, gone with the last who leaves. */
import type { RoomEvent } from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { LeaveReason, ParticipantKind, RoomName } from './model.ts';
import type { Participant } from './participant.ts';
import type { Clock, Media, Observer, Store } from './ports.ts';
import { Room } from './room.ts';

export interface ConferenceParts {
  media: Media;
  store: Store;
  clock: Clock;
  observer: Observer;
  limits: Limits;
  /** A new id, unique in this process and all others. */
  newId: () => string;
}

export interface Entry {
  /** Normalized. */
  room: RoomName;
  name: string;
  kind: ParticipantKind;
  /** Called with each event for this participant, in order, from within whatever caused it. Must not throw. */
  tell: (event: RoomEvent) => void;
}

export class Conference {
  readonly #parts: ConferenceParts;
  /** One promise a name, so that who comes at the same time comes into the same room. */
  readonly #rooms = new Map<RoomName, Promise<Room>>();
  readonly #emptied = new Set<() => void>();
  /** When the server will stop, in ms since the epoch; null in normal times. */
  #drainingUntil: number | null = null;

  constructor(parts: ConferenceParts) {
    this.#parts = parts;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  get draining(): boolean {
    return this.#drainingUntil !== null;
  }

  /**
   * Lets somebody into a room, which is opened if nobody is in it.
   * @throws ConferenceError `room-full`, `too-many-rooms`, `server-draining`, `media-unavailable`
   */
  async join(entry: Entry): Promise<Participant> {
    for (;;) {
      const room = await this.#room(entry.room);
      // The last one may have left while this one was at the door.
      if (room.closed) continue;
      const participant = await room.join(entry);
      if (this.#drainingUntil !== null) entry.tell({ type: 'serverDraining', deadline: this.#drainingUntil });
      return participant;
    }
  }

  /**
   * Opens no more rooms, and tells those who are in one. Resolves when the last room has ended.
   * @param deadline when they will be ended, in ms since the epoch; for the notice
   */
  async drain(deadline: number): Promise<void> {
    this.#drainingUntil = deadline;
    await this.#forEachRoom((room) => room.tellAll({ type: 'serverDraining', deadline }));
    if (this.#rooms.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied.add(resolve);
    });
  }

  /** Ends all rooms. No other can be opened if `drain` was called before. */
  async end(reason: LeaveReason): Promise<void> {
    await this.#forEachRoom((room) => room.end(reason));
  }

  #room(name: RoomName): Promise<Room> {
    const known = this.#rooms.get(name);
    if (known) return known;
    if (this.draining) {
      return Promise.reject(new ConferenceError('server-draining', 'The server is stopping.'));
    }
    if (this.#rooms.size >= this.#parts.limits.rooms) {
      return Promise.reject(new ConferenceError('too-many-rooms', 'The server holds no more rooms.'));
    }
    const opening = Room.open(name, this.#parts, () => this.#forget(name));
    this.#rooms.set(name, opening);
    opening.catch(() => this.#forget(name));
    return opening;
  }

  #forget(name: RoomName): void {
    this.#rooms.delete(name);
    if (this.#rooms.size > 0) return;
    for (const resolve of this.#emptied) resolve();
    this.#emptied.clear();
  }

  async #forEachRoom(action: (room: Room) => void): Promise<void> {
    await Promise.all(
      // A room that does not open is told to those who wait for it.
      [...this.#rooms.values()].map((opening) => opening.then(action, () => undefined)),
    );
  }
}
