/** All rooms of a server: opened for the first who comes, gone with the last who leaves, unless they last. */
import type { Participant } from './participant.ts';
import type { Entry } from './entrance.ts';
import { chatForOperator } from './chat.ts';
import type { Dialling } from './dialling.ts';
import { ConferenceError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Place } from './lobby.ts';
import type { Attendance, DialIn, LeaveReason, RoomName } from './model.ts';
import type { Clock, Media, Observer, RoomRecord, Secrets, Store } from './ports.ts';
import { Room } from './room.ts';
import { Rules, ready } from './rules.ts';
import type { RoomChange, RoomStart, RulesParts } from './rules.ts';

export type { Entry } from './entrance.ts';
export type { RoomSummary } from './room-info.ts';

export interface ConferenceParts {
  media: Media;
  store: Store;
  clock: Clock;
  observer: Observer;
  limits: Limits;
  /** Calls out of rooms. */
  dialling: Dialling;
  /** Telephone numbers by which rooms are called. */
  dialIn: readonly DialIn[];
  secrets: Secrets;
  /** A new id, unique in this process and all others. */
  newId: () => string;
  /** Whether the room is open at another server, which this one is taking over from. */
  isElsewhere: (room: RoomName) => boolean;
  /** Something that nobody waits for could not be kept, as when the disk is full. The room goes on. Must not throw. */
  failed: (room: RoomName, error: unknown) => void;
}

/** In the room, or at its door. */
export type Joined =
  { state: 'joined'; room: Room; participant: Participant } | { state: 'waiting'; room: Room; place: Place };

export class Conference {
  readonly #parts: ConferenceParts;
  /** One promise a name, so that who comes at the same time comes into the same room. */
  readonly #rooms = new Map<RoomName, Promise<Room>>();
  /** Those of them that are open. */
  readonly #open = new Map<RoomName, Room>();
  readonly #emptied = new Set<() => void>();
  readonly #onGone = new Set<(room: RoomName) => void>();
  #isHeld = false;
  #isStopping = false;
  /** When the server will stop, in ms since the epoch; null until people are told. */
  #drainingUntil: number | null = null;

  constructor(parts: ConferenceParts) {
    this.#parts = parts;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  /** Those that are being opened among them. */
  get roomNames(): RoomName[] {
    return [...this.#rooms.keys()];
  }

  get draining(): boolean {
    return this.#isHeld || this.#isStopping;
  }

  // ------------------------------------------------------------------------------- coming in

  /**
   * Lets somebody into a room, which is opened if nobody is in it, or to its door.
   * @throws ConferenceError as `Room.enter`, and `unknown-room`, `too-many-rooms`, `server-draining`
   */
  async join(entry: Entry): Promise<Joined> {
    for (;;) {
      const room = await this.#room(entry);
      // The last one may have left while this one was on the way.
      if (room.closed) continue;
      const admission = await room.enter(entry);
      if (admission.state === 'joined' && this.#drainingUntil !== null) {
        entry.tell({ type: 'serverDraining', deadline: this.#drainingUntil });
      }
      return { ...admission, room };
    }
  }

  #room(entry: Entry): Promise<Room> {
    const known = this.#rooms.get(entry.room);
    if (known) return known;
    const opening = this.#openRoom(entry);
    this.#rooms.set(entry.room, opening);
    opening.then(
      (room) => {
        if (!room.closed) this.#open.set(entry.room, room);
      },
      () => this.#forget(entry.room),
    );
    return opening;
  }

  async #openRoom({ room: name, identity, make }: Entry): Promise<Room> {
    if (this.draining) throw new ConferenceError('server-draining', 'The server is stopping.');
    if (this.#parts.isElsewhere(name)) {
      throw new ConferenceError(
        'server-draining',
        'The room is at the server before, by the name in the handshake.',
      );
    }
    if (this.#rooms.size >= this.#parts.limits.rooms) {
      throw new ConferenceError('too-many-rooms', 'The server holds no more rooms.');
    }
    const known = Rules.find(name, this.#rulesParts());
    if (!known && !identity.mayMakeRooms) {
      throw new ConferenceError('unknown-room', 'There is no room of that name, and you may make none.');
    }
    const rules = known ?? this.#make({ name, lasting: false, ...(make ? { settings: make } : {}) });
    try {
      return await Room.open(rules, this.#parts, {
        unclaimed: !known,
        onClosed: () => this.#forget(name),
      });
    } catch (error) {
      if (!known) this.#parts.store.rooms.remove(name);
      throw error;
    }
  }

  /** Who was in a room until the server went away, by the pass of that stay; null for others, and once they are back. */
  stayBefore(name: RoomName, pass: string): Attendance | null {
    const { store, secrets } = this.#parts;
    const openedAt = this.record(name)?.openedAt ?? null;
    return openedAt === null ? null : store.attendance.findCutOff(name, secrets.hashKey(pass), openedAt);
  }

  // ------------------------------------------------------------------------------- for whoever runs the server

  /** A room where somebody is, or at whose door. */
  room(name: RoomName): Room | null {
    return this.#open.get(name) ?? null;
  }

  /** All of those, by name. */
  get rooms(): Room[] {
    return [...this.#open.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The room that callers reach by this number; null when there is none. */
  roomOfNumber(number: string): RoomName | null {
    return this.#parts.store.rooms.findByNumber(number)?.name ?? null;
  }

  /** What is known of a room, whether anybody is there or not. */
  record(name: RoomName): RoomRecord | null {
    return this.room(name)?.rules.record ?? this.#parts.store.rooms.find(name);
  }

  /**
   * What was written in a room to all and to hosts, as text: also when nobody is there, where the chat is kept.
   * @returns null when there is no such room
   */
  chatText(name: RoomName): string | null {
    return this.record(name) && chatForOperator(this.#parts.store.chat, name);
  }

  /** Makes a room that lasts, and the key with which somebody is host there. @returns null when the name is taken */
  async makeRoom(
    start: RoomChange & { name: RoomName },
  ): Promise<{ record: RoomRecord; hostKey: string } | null> {
    const { name } = start;
    const prepared = await ready(start, this.#parts.secrets);
    if (this.record(name)) return null;
    const rules = this.#make({ ...prepared, name, lasting: true });
    const hostKey = rules.newHostKey();
    return { record: rules.record, hostKey };
  }

  /** Changes a room, whether anybody is there or not. @returns null when there is no such room */
  async changeRoom(name: RoomName, change: RoomChange): Promise<RoomRecord | null> {
    const prepared = await ready(change, this.#parts.secrets);
    // One that is being opened has read its record already, and is told as soon as it is open.
    const room = await this.#rooms.get(name)?.catch(() => null);
    if (room && !room.closed) {
      await room.change(prepared);
      return room.rules.record;
    }
    const rules = Rules.find(name, this.#rulesParts());
    rules?.change(prepared);
    return rules?.record ?? null;
  }

  /** Ends a room, and forgets it also if it lasts. @returns false when there is no such room */
  removeRoom(name: RoomName): boolean {
    const isKnown = this.record(name) !== null;
    this.room(name)?.end('room-ended');
    this.#parts.store.rooms.remove(name);
    return isKnown;
  }

  /** Whether telephones can be called is another now. */
  canDialChanged(): void {
    for (const room of this.rooms) room.tellRoom();
  }

  // ------------------------------------------------------------------------------- the end

  /** Opens no more rooms. Those that are open go on, and take in whoever comes. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Takes `hold` back. */
  goOn(): void {
    this.#isHeld = false;
  }

  /** Calls back for each room that ends, or does not open after all, before it is gone from the store. */
  onGone(listener: (room: RoomName) => void): void {
    this.#onGone.add(listener);
  }

  /** Opens no more rooms. Resolves when the last one has ended. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    if (this.#rooms.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied.add(resolve);
    });
  }

  /** Tells those who are in a room, or come into one. @param deadline when it will be ended, in ms since the epoch */
  async tellOfEnd(deadline: number): Promise<void> {
    this.#drainingUntil = deadline;
    await this.#forEachRoom((room) => room.tellAll({ type: 'serverDraining', deadline }));
  }

  /** Ends all rooms. No other can be opened if `hold` or `drain` was called before. */
  async end(reason: LeaveReason): Promise<void> {
    await this.#forEachRoom((room) => room.end(reason));
  }

  #make(start: Omit<RoomStart, 'createdAt'>): Rules {
    return Rules.make({ ...start, createdAt: this.#parts.clock.now() }, this.#rulesParts());
  }

  #rulesParts(): RulesParts {
    return { rooms: this.#parts.store.rooms, secrets: this.#parts.secrets };
  }

  #forget(name: RoomName): void {
    const room = this.room(name);
    if (room) this.#parts.dialling.roomClosed(room);
    this.#rooms.delete(name);
    this.#open.delete(name);
    for (const tell of this.#onGone) tell(name);
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
