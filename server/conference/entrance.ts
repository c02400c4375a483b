/** The way into one room: past the door, or to a place in the lobby and from there in. */
import type { RoomEvent } from '../signalling/contract.ts';
import type { Caller } from './callers.ts';
import {
  isInsider,
  isSuspect,
  opensAt,
  refuseBanned,
  refuseWhenEnded,
  refuseWhenFull,
  refuseWhenLocked,
  waitsFor,
} from './door.ts';
import type { DoorState } from './door.ts';
import { ConferenceError } from './errors.ts';
import { Lobby } from './lobby.ts';
import type { Place, Visitor } from './lobby.ts';
import type { Limits } from './limits.ts';
import type { ParticipantKind, RoomName } from './model.ts';
import type { Participant } from './participant.ts';
import type { Clock, Identity, Secrets } from './ports.ts';
import type { Role } from './roles.ts';
import type { Rules } from './rules.ts';
import type { RoomKind } from './settings.ts';

/** Somebody who wants to come in. */
export interface Entry {
  /** Normalized. */
  room: RoomName;
  name: string;
  kind: ParticipantKind;
  identity: Identity;
  password?: string | undefined;
  hostKey?: string | undefined;
  deviceId?: string | undefined;
  /** The ticket of a place in the lobby. */
  knock?: string | undefined;
  make?: { kind: RoomKind } | undefined;
  /** What it can prove with later that it was here; secret. */
  pass: string;
  /** The pass of an earlier stay. */
  formerPass?: string | undefined;
  /** For telephones, which have neither password nor key. */
  caller?: Caller | undefined;
  /** The client's network address; a telephone's is its trunk and number. */
  address: string;
  /** Called with each event for this participant, in order, from within whatever caused it. Must not throw. */
  tell: (event: RoomEvent) => void;
}

/** Of a place the caller has to say what is told there, by `occupy`, or it is kept for a while only. */
export type Admission = { state: 'joined'; participant: Participant } | { state: 'waiting'; place: Place };

/** What the way in needs of the room. */
export interface EnteredRoom {
  /** Whether it has been ended. */
  readonly closed: boolean;
  /** Those who are on their way in included. */
  readonly occupancy: number;
  readonly hostPresent: boolean;
  letIn(visitor: Visitor, hostKey: string | null, entry: Pick<Entry, 'pass' | 'tell'>): Promise<Participant>;
  /** The role of one who was cut off when the server went away, once; null for others. */
  roleBefore(pass: string): Role | null;
  waitingChanged(): void;
}

export interface EntranceParts {
  rules: Rules;
  room: EnteredRoom;
  clock: Clock;
  limits: Limits;
  secrets: Secrets;
  newId: () => string;
  /** True for a room that was made for the first who comes: that one is host. */
  unclaimed: boolean;
}

/** As what somebody comes. */
interface Standing {
  role: Role;
  /** The key to be host again, for those who have one. */
  hostKey: string | null;
  /** The room was made for this one. */
  isMaker: boolean;
  /** Past the door already, until the server went away. */
  wasHere: boolean;
}

/**
 * Rooms that open later are looked at again after so many ms. Longer: a machine whose clock is set meanwhile lets people
 * in later than it should.
 */
const LONGEST_TIMER_MS = 5_000;

export class Entrance {
  readonly lobby: Lobby;
  readonly #parts: EntranceParts;
  #unclaimed: boolean;
  #cancelOpening: (() => void) | null = null;

  constructor(parts: EntranceParts) {
    const { room, clock, limits, secrets, newId, unclaimed } = parts;
    this.#parts = parts;
    this.#unclaimed = unclaimed;
    this.lobby = new Lobby({
      clock,
      limit: limits.waitingPerRoom,
      keptMs: limits.placeKeptMs,
      newId,
      newTicket: () => secrets.newKey(),
      changed: () => room.waitingChanged(),
    });
  }

  /** Whether the first who comes is still to be host. */
  get isUnclaimed(): boolean {
    return this.#unclaimed;
  }

  /** When people are let in, in ms since the epoch; null for a room without a time. */
  get opensAt(): number | null {
    return opensAt(this.#parts.rules.record, this.#parts.limits.opensBeforeMs);
  }

  /**
   * @throws ConferenceError `banned`, `password-required`, `wrong-password`, `pin-required`, `wrong-pin`, `room-locked`,
   * `room-full`, `denied`, `lobby-full`, `media-unavailable`, `server-draining`
   */
  async enter(entry: Entry): Promise<Admission> {
    const place = entry.knock === undefined ? null : this.lobby.byTicket(entry.knock);
    if (place?.admitted) return this.#comeIn(place, entry);
    if (place) return { state: 'waiting', place };
    const { rules } = this.#parts;
    const origin = {
      subject: entry.identity.subject,
      deviceId: entry.deviceId ?? null,
      address: entry.address,
    };
    refuseBanned(rules.record, origin);
    const { role, hostKey, isMaker, wasHere } = this.#roleOf(entry);
    const visitor: Visitor = {
      name: entry.identity.name ?? entry.name,
      kind: entry.kind,
      role,
      avatar: entry.identity.avatar,
      origin,
      caller: entry.caller ?? null,
      suspect: isSuspect(rules.record, origin) || this.#lacksPin(entry),
    };
    if (!isInsider(role) && !wasHere && entry.caller?.invited !== true) {
      if (entry.caller) this.#checkPin(entry.caller);
      else await this.#checkPassword(entry.password);
      // While the password was looked at.
      refuseWhenEnded(this.#parts.room);
      refuseWhenLocked(rules.record);
      refuseWhenFull(this.#state(), role);
      const waitingFor = waitsFor(this.#state(), visitor.suspect);
      if (waitingFor !== null) return this.#knock(visitor, waitingFor);
    }
    try {
      return { state: 'joined', participant: await this.#letIn(visitor, hostKey, entry) };
    } catch (error) {
      this.#unclaimed ||= isMaker;
      throw error;
    }
  }

  /** Something is another at the door: those who need not wait any more are let in. */
  review(): void {
    const state = this.#state();
    const free: Place[] = [];
    for (const place of this.lobby.waiting) {
      const waitingFor = waitsFor(state, place.visitor.suspect);
      if (waitingFor === null) free.push(place);
      else if (waitingFor !== place.waitingFor) {
        place.waitingFor = waitingFor;
        place.tell({ type: 'waitingFor', waitingFor, opensAt: this.opensAt });
      }
    }
    this.lobby.admit(free);
    this.#watchClock();
  }

  /** Idempotent. */
  close(reason: 'room-ended' | 'server-stopping'): void {
    this.#cancelOpening?.();
    this.#cancelOpening = null;
    this.lobby.close(reason);
  }

  /** With the name and the role that a host has let in. */
  async #comeIn(place: Place, entry: Entry): Promise<Admission> {
    place.entering = true;
    try {
      const participant = await this.#letIn(place.visitor, null, entry);
      this.lobby.remove(place);
      return { state: 'joined', participant };
    } finally {
      place.entering = false;
    }
  }

  #knock(visitor: Visitor, waitingFor: Place['waitingFor']): Admission {
    const place = this.lobby.add(visitor, waitingFor);
    this.#watchClock();
    return { state: 'waiting', place };
  }

  async #letIn(visitor: Visitor, hostKey: string | null, entry: Entry): Promise<Participant> {
    refuseWhenFull(this.#state(), visitor.role);
    return this.#parts.room.letIn(visitor, hostKey, entry);
  }

  #roleOf({ hostKey, formerPass, identity, kind }: Entry): Standing {
    const { rules, room } = this.#parts;
    const former = formerPass === undefined ? null : room.roleBefore(formerPass);
    const standing = { hostKey: null, isMaker: false, wasHere: former !== null };
    if (hostKey !== undefined && rules.isHostKey(hostKey)) return { ...standing, role: 'host', hostKey };
    const isMaker = this.#unclaimed && kind === 'browser';
    if (isMaker) this.#unclaimed = false;
    const role = former ?? identity.role;
    // Who is host by token is so for as long as the token is good.
    const isHostByRoom = isMaker ? role === null : role === 'host' && identity.role !== 'host';
    if (isHostByRoom) return { ...standing, role: 'host', hostKey: rules.newHostKey(), isMaker };
    return { ...standing, role: role ?? rules.settings.defaultRole, isMaker };
  }

  /** Whom a password would keep out, and there is no PIN for: a host decides. */
  #lacksPin({ caller }: Entry): boolean {
    const { passwordHash, pin } = this.#parts.rules.record;
    return caller !== undefined && passwordHash !== null && pin === null;
  }

  #checkPin({ pin }: Caller): void {
    const { rules } = this.#parts;
    if (rules.record.pin === null) return;
    if (pin === null) throw new ConferenceError('pin-required', 'The room has a PIN.');
    if (!rules.isPin(pin)) throw new ConferenceError('wrong-pin', 'It is not the PIN of this room.');
  }

  async #checkPassword(password: string | undefined): Promise<void> {
    const { rules } = this.#parts;
    if (rules.record.passwordHash === null) return;
    if (password === undefined) throw new ConferenceError('password-required', 'The room has a password.');
    if (!(await rules.isPassword(password))) {
      throw new ConferenceError('wrong-password', 'It is not the password of this room.');
    }
  }

  #state(): DoorState {
    const { rules, room, limits, clock } = this.#parts;
    return {
      record: rules.record,
      participants: room.occupancy,
      maxParticipants: limits.participantsPerRoom,
      hostPresent: room.hostPresent,
      opensBeforeMs: limits.opensBeforeMs,
      now: clock.now(),
    };
  }

  /** Looks at those who wait again when the time of the room has come. */
  #watchClock(): void {
    this.#cancelOpening?.();
    this.#cancelOpening = null;
    const { clock } = this.#parts;
    const { opensAt: at } = this;
    if (at === null || at <= clock.now() || this.lobby.waiting.length === 0) return;
    const delayMs = Math.min(at - clock.now(), LONGEST_TIMER_MS);
    this.#cancelOpening = clock.after(delayMs, () => this.review());
  }
}
