/** The way into one room: past the door, or to a place in the lobby and from there in. */
import type { RoomEvent, WaitingEvent } from '../signalling/contract.ts';
import type { Caller } from './callers.ts';
import {
  isInsider,
  isSuspect,
  opensAt,
  refuseBanned,
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
  /** For telephones, which have neither password nor key. */
  caller?: Caller | undefined;
  /** The client's network address; a telephone's is its trunk and number. */
  address: string;
  /** Called with each event for this participant, in order, from within whatever caused it. Must not throw. */
  tell: (event: RoomEvent) => void;
  /** The same for as long as it waits at the door. */
  tellWaiting: (event: WaitingEvent) => void;
}

export type Admission = { state: 'joined'; participant: Participant } | { state: 'waiting'; place: Place };

/** What the way in needs of the room. */
export interface EnteredRoom {
  /** Those who are on their way in included. */
  readonly occupancy: number;
  readonly hostPresent: boolean;
  letIn(visitor: Visitor, hostKey: string | null, tell: Entry['tell']): Promise<Participant>;
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

/** Timers do not reach further, in ms; a room that opens later is looked at again then. */
const LONGEST_TIMER_MS = 24 * 3_600_000;

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

  /** When people are let in, in ms since the epoch; null for a room without a time. */
  get opensAt(): number | null {
    return opensAt(this.#parts.rules.record, this.#parts.limits.opensBeforeMs);
  }

  /**
   * @throws ConferenceError `banned`, `password-required`, `wrong-password`, `pin-required`, `wrong-pin`, `room-locked`,
   * `room-full`, `lobby-full`, `media-unavailable`
   */
  async enter(entry: Entry): Promise<Admission> {
    const place = entry.knock === undefined ? null : this.lobby.byTicket(entry.knock);
    if (place?.admitted) return this.#comeIn(place, entry.tell);
    if (place) {
      place.occupy(entry.tellWaiting);
      return { state: 'waiting', place };
    }
    const { rules } = this.#parts;
    const origin = {
      subject: entry.identity.subject,
      deviceId: entry.deviceId ?? null,
      address: entry.address,
    };
    refuseBanned(rules.record, origin);
    const { role, hostKey, isMaker } = this.#roleOf(entry);
    const visitor: Visitor = {
      name: entry.identity.name ?? entry.name,
      kind: entry.kind,
      role,
      avatar: entry.identity.avatar,
      origin,
      caller: entry.caller ?? null,
      suspect: isSuspect(rules.record, origin) || this.#lacksPin(entry),
    };
    if (!isInsider(role) && entry.caller?.invited !== true) {
      if (entry.caller) this.#checkPin(entry.caller);
      else await this.#checkPassword(entry.password);
      refuseWhenLocked(rules.record);
      refuseWhenFull(this.#state(), role);
      const waitingFor = waitsFor(this.#state(), visitor.suspect);
      if (waitingFor !== null) return this.#knock(visitor, waitingFor, entry.tellWaiting);
    }
    try {
      return { state: 'joined', participant: await this.#letIn(visitor, hostKey, entry.tell) };
    } catch (error) {
      this.#unclaimed ||= isMaker;
      throw error;
    }
  }

  /** Something is another at the door: those who need not wait any more are let in. */
  review(): void {
    const places = this.lobby.waiting;
    const free: Place[] = [];
    for (const place of places) {
      const waitingFor = waitsFor(this.#state(), place.visitor.suspect);
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
  async #comeIn(place: Place, tell: Entry['tell']): Promise<Admission> {
    place.entering = true;
    try {
      const participant = await this.#letIn(place.visitor, null, tell);
      this.lobby.remove(place);
      return { state: 'joined', participant };
    } finally {
      place.entering = false;
    }
  }

  #knock(visitor: Visitor, waitingFor: Place['waitingFor'], tell: Entry['tellWaiting']): Admission {
    const place = this.lobby.add(visitor, waitingFor);
    place.occupy(tell);
    this.#watchClock();
    return { state: 'waiting', place };
  }

  async #letIn(visitor: Visitor, hostKey: string | null, tell: Entry['tell']): Promise<Participant> {
    refuseWhenFull(this.#state(), visitor.role);
    return this.#parts.room.letIn(visitor, hostKey, tell);
  }

  #roleOf({ hostKey, identity, kind }: Entry): { role: Role; hostKey: string | null; isMaker: boolean } {
    const { rules } = this.#parts;
    if (hostKey !== undefined && rules.isHostKey(hostKey)) return { role: 'host', hostKey, isMaker: false };
    const isMaker = this.#unclaimed && kind === 'browser';
    if (isMaker) this.#unclaimed = false;
    if (identity.role !== null) return { role: identity.role, hostKey: null, isMaker };
    if (isMaker) return { role: 'host', hostKey: rules.newHostKey(), isMaker };
    return { role: rules.settings.defaultRole, hostKey: null, isMaker };
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
