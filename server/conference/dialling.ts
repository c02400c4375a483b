/** Calls out of rooms: how many at a time, and how each one goes. Whom they may reach is the bridge's to say. */
import type { Moderator } from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type { Dial, DialState, RoomName } from './model.ts';
import { requirePower } from './roles.ts';
import type { Empowered } from './roles.ts';
import type { RoomEvent } from '../signalling/contract.ts';

/** Whoever makes the calls. */
export interface Dialler {
  /** Whether one could be made now. */
  isReady(): boolean;
  /** @returns false when nobody is there who could make one */
  dial(request: { dialId: string; room: RoomName; destination: string }): boolean;
  cancel(dialId: string): void;
}

export interface DiallingParts {
  /** Calls that one room may be making at a time. */
  perRoom: number;
  dialler: Dialler;
  newId: () => string;
}

/** What dialling needs of a room. */
export interface DiallingRoom {
  readonly name: RoomName;
  tellThoseWho(power: 'invite', event: RoomEvent): void;
}

interface Dialled {
  dial: Dial;
  room: DiallingRoom;
}

const UNDER_WAY: ReadonlySet<DialState> = new Set(['dialling', 'ringing']);

export class Dialling {
  readonly #parts: DiallingParts;
  /** Those under way. */
  readonly #dialled = new Map<string, Dialled>();

  constructor(parts: DiallingParts) {
    this.#parts = parts;
  }

  get canDial(): boolean {
    return this.#parts.dialler.isReady();
  }

  /**
   * @param destination a number, with or without spaces and dashes, or a SIP URI
   * @throws ConferenceError `forbidden`, `too-many-calls`, `calls-unavailable`
   */
  start(room: DiallingRoom, actor: Empowered & { moderator: Moderator }, destination: string): Dial {
    requirePower(actor, 'invite');
    const { perRoom, dialler, newId } = this.#parts;
    if (this.underWay(room).length >= perRoom) {
      throw new ConferenceError('too-many-calls', 'As many calls are being made as may be.');
    }
    const dial: Dial = { id: newId(), destination, state: 'dialling', by: actor.moderator.name };
    if (!dialler.dial({ dialId: dial.id, room: room.name, destination })) {
      throw new ConferenceError('calls-unavailable', 'No telephone line is connected at the moment.');
    }
    this.#dialled.set(dial.id, { dial, room });
    this.#tell(room, dial);
    return dial;
  }

  /** A room's calls that nobody has answered yet, in the order in which they were begun. */
  underWay(room: DiallingRoom): Dial[] {
    return [...this.#dialled.values()].filter((one) => one.room === room).map(({ dial }) => dial);
  }

  /** Tells one whose role is another now what is under way, if that may be known to them. */
  introduce(room: DiallingRoom, reader: Empowered & { tell: (event: RoomEvent) => void }): void {
    if (!reader.may('invite')) return;
    for (const dial of this.underWay(room)) reader.tell({ type: 'dialChanged', dial });
  }

  /** What has ended already stays as it is. @throws ConferenceError `forbidden` */
  cancel(room: DiallingRoom, actor: Empowered, dialId: string): void {
    requirePower(actor, 'invite');
    if (this.#dialled.get(dialId)?.room === room) this.#cancel(dialId);
  }

  /** Whoever answers now would be alone. */
  roomClosed(room: DiallingRoom): void {
    for (const { id } of this.underWay(room)) this.#cancel(id);
  }

  progressed(dialId: string, state: DialState): void {
    const known = this.#dialled.get(dialId);
    if (!known) return;
    known.dial = { ...known.dial, state };
    if (!UNDER_WAY.has(state)) this.#dialled.delete(dialId);
    this.#tell(known.room, known.dial);
  }

  /** Somebody has answered. @returns the room that has called them; null when it has changed its mind */
  answered(dialId: string): RoomName | null {
    const known = this.#dialled.get(dialId);
    this.progressed(dialId, 'answered');
    return known?.room.name ?? null;
  }

  #cancel(dialId: string): void {
    this.#parts.dialler.cancel(dialId);
    this.progressed(dialId, 'cancelled');
  }

  #tell(room: DiallingRoom, dial: Dial): void {
    room.tellThoseWho('invite', { type: 'dialChanged', dial });
  }
}
