/** Those who wait at the door of one room, in the order in which they came. */
import type { WaitingEvent } from '../signalling/contract.ts';
import type { Caller } from './callers.ts';
import { DENIED_MS, Denials } from './denials.ts';
import type { Origin } from './door.ts';
import { ConferenceError } from './errors.ts';
import type { Knock, KnockId, ParticipantKind, WaitingFor } from './model.ts';
import type { Clock } from './ports.ts';
import type { Role } from './roles.ts';

/** Who comes in when the waiting has an end. */
export interface Visitor {
  name: string;
  kind: ParticipantKind;
  role: Role;
  avatar: string | null;
  origin: Origin;
  /** Null for those who come by browser. */
  caller: Caller | null;
  /** True for those who are let in by a host only; see `isSuspect`. */
  suspect: boolean;
}

export interface LobbyParts {
  clock: Clock;
  /** How many may wait. */
  limit: number;
  /** How long a place is kept without a socket, and an admission without coming in, in ms. */
  keptMs: number;
  newId: () => string;
  newTicket: () => string;
  /** Who waits, or in which order, is another. */
  changed: () => void;
}

export class Place {
  readonly info: Knock;
  readonly visitor: Visitor;
  /** Secret between the one who waits and the server. */
  readonly ticket: string;
  waitingFor: WaitingFor;
  admitted = false;
  /** While somebody comes in with it: an admission is good for one. */
  entering = false;
  readonly #lobby: Lobby;
  #tell: ((event: WaitingEvent) => void) | null = null;
  #decided: WaitingEvent | null = null;
  #cancelExpiry: (() => void) | null = null;

  constructor(info: Knock, visitor: Visitor, ticket: string, waitingFor: WaitingFor, lobby: Lobby) {
    this.info = info;
    this.visitor = visitor;
    this.ticket = ticket;
    this.waitingFor = waitingFor;
    this.#lobby = lobby;
  }

  /** A socket waits here from now on, and is told what has been decided meanwhile; an earlier one is told nothing any more. */
  occupy(tell: (event: WaitingEvent) => void): void {
    this.#tell = tell;
    if (this.#decided) tell(this.#decided);
    else this.#stopExpiry();
  }

  /** The socket is gone; when another has come by now, nothing happens. */
  vacate(tell: (event: WaitingEvent) => void): void {
    if (this.#tell !== tell) return;
    this.#tell = null;
    this.expire();
  }

  /** The one who waits goes away. Idempotent. */
  giveUp(): void {
    this.#lobby.remove(this);
  }

  /** Its time to come in begins now, however long the socket has been gone. */
  admit(): void {
    this.admitted = true;
    this.#stopExpiry();
    this.expire();
    this.tell({ type: 'admitted' });
  }

  tell(event: WaitingEvent): void {
    if (event.type === 'admitted' || event.type === 'denied') this.#decided = event;
    this.#tell?.(event);
  }

  /** The place is kept for a while from now on, and no longer. */
  expire(): void {
    this.#cancelExpiry ??= this.#lobby.after(() => this.giveUp());
  }

  #stopExpiry(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
  }

  /** For the lobby. */
  removed(): void {
    this.#stopExpiry();
    this.#tell = null;
  }
}

export class Lobby {
  readonly #parts: LobbyParts;
  readonly #places = new Map<KnockId, Place>();
  readonly #denials = new Denials();

  constructor(parts: LobbyParts) {
    this.#parts = parts;
  }

  /** Those who wait, and have not been let in. */
  get waiting(): Place[] {
    return [...this.#places.values()].filter(({ admitted }) => !admitted);
  }

  /** As hosts see it. */
  get knocks(): Knock[] {
    return this.waiting.map(({ info }) => info);
  }

  /** Those included who were let in and have not come yet. */
  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** @throws ConferenceError `denied` to one who was turned away a moment ago, `lobby-full` */
  add(visitor: Visitor, waitingFor: WaitingFor): Place {
    const { clock } = this.#parts;
    this.#denials.refuse(visitor.origin, clock.elapsed());
    if (this.#places.size >= this.#parts.limit) {
      throw new ConferenceError('lobby-full', 'As many wait at the door as may.');
    }
    const { name, kind } = visitor;
    const info = { id: this.#parts.newId(), name, kind, since: clock.now() };
    const place = new Place(info, visitor, this.#parts.newTicket(), waitingFor, this);
    this.#places.set(info.id, place);
    place.expire();
    this.#parts.changed();
    return place;
  }

  /** The place that somebody comes back to. */
  byTicket(ticket: string): Place | null {
    const found = [...this.#places.values()].find((place) => place.ticket === ticket);
    return found && !found.entering ? found : null;
  }

  /** Those of them who still wait. @throws ConferenceError `unknown-knock` when there is none of those that are named */
  byIds(ids: readonly KnockId[] | 'all'): Place[] {
    if (ids === 'all') return this.waiting;
    const found = this.waiting.filter(({ info }) => ids.includes(info.id));
    if (found.length > 0) return found;
    throw new ConferenceError('unknown-knock', 'None of those wait any more.');
  }

  admit(places: readonly Place[]): void {
    if (places.length === 0) return;
    for (const place of places) place.admit();
    this.#parts.changed();
  }

  /** By a host: they may knock again after a while. */
  deny(places: readonly Place[]): void {
    const now = this.#parts.clock.elapsed();
    for (const { visitor } of places) this.#denials.add(visitor.origin, now);
    this.#dismiss(places, { type: 'denied', reason: 'denied', retryAfterMs: DENIED_MS });
  }

  /** Everybody, also those who were let in and have not come yet: the room is gone. */
  close(reason: 'room-ended' | 'server-stopping'): void {
    this.#dismiss([...this.#places.values()], { type: 'denied', reason });
  }

  #dismiss(places: readonly Place[], event: WaitingEvent): void {
    if (places.length === 0) return;
    for (const place of places) {
      place.tell(event);
      this.#places.delete(place.info.id);
      place.removed();
    }
    this.#parts.changed();
  }

  /** Idempotent. */
  remove(place: Place): void {
    if (!this.#places.delete(place.info.id)) return;
    place.removed();
    this.#parts.changed();
  }

  /** For places. @returns what calls it off */
  after(callback: () => void): () => void {
    return this.#parts.clock.after(this.#parts.keptMs, callback);
  }
}
