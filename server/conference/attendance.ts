/** Who was in one room, from when to when: written down as it happens. */
import type { Attendance, LeaveReason, ParticipantId, ParticipantInfo, RoomName } from './model.ts';
import type { AttendanceStore, Clock, Secrets } from './ports.ts';

export interface AttendanceParts {
  room: RoomName;
  store: AttendanceStore;
  secrets: Pick<Secrets, 'hashKey'>;
  clock: Pick<Clock, 'elapsed'>;
  /** Something could not be written down. Nobody stays out of the room, or in it, for that. */
  failed: (error: unknown) => void;
}

export class AttendanceBook {
  readonly #parts: AttendanceParts;
  /** `since` is by the clock that only goes forwards, so that each is written down to have been here for as long as it was. */
  readonly #open = new Map<ParticipantId, { stay: Attendance; since: number }>();

  constructor(parts: AttendanceParts) {
    this.#parts = parts;
  }

  /** @param pass what the participant can prove that it was here with, when the server was gone; secret */
  came({ id, name, kind, role, joinedAt }: ParticipantInfo, pass: string): void {
    const { room, store, secrets, clock } = this.#parts;
    const stay = { participantId: id, name, kind, role, joinedAt, leftAt: null, hands: 0 };
    this.#open.set(id, { stay, since: clock.elapsed() });
    this.#write(() => store.add(room, stay, secrets.hashKey(pass)));
  }

  changed({ id, name, role, handRaisedAt }: ParticipantInfo, before: ParticipantInfo): void {
    const open = this.#open.get(id);
    if (!open) return;
    const { stay } = open;
    const hands = stay.hands + (handRaisedAt !== null && before.handRaisedAt === null ? 1 : 0);
    if (name === stay.name && role === stay.role && hands === stay.hands) return;
    const changed = { ...stay, name, role, hands };
    this.#open.set(id, { ...open, stay: changed });
    this.#write(() => this.#parts.store.save(changed));
  }

  went(id: ParticipantId, reason: LeaveReason): void {
    const { store, clock } = this.#parts;
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    const { stay, since } = open;
    const leftAt = Math.round(stay.joinedAt + clock.elapsed() - since);
    this.#write(() => {
      store.save({ ...stay, leftAt });
      if (reason === 'server-stopping') store.cutOff(id);
    });
  }

  /** The stay that ended with the server rather than by itself, if there is one. @param from ms since the epoch */
  takeBack(pass: string, from: number): Attendance | null {
    const { room, store, secrets } = this.#parts;
    return store.takeBack(room, secrets.hashKey(pass), from);
  }

  /** Whether a host was here whom the server cut off, and who is not back. @param from ms since the epoch */
  lacksHost(from: number): boolean {
    const { room, store } = this.#parts;
    return store.cutOffStays(room, from).some(({ role }) => role === 'host');
  }

  /** @param from ms since the epoch */
  since(from: number): Attendance[] {
    return this.#parts.store.since(this.#parts.room, from);
  }

  #write(entry: () => void): void {
    try {
      entry();
    } catch (error) {
      this.#parts.failed(error);
    }
  }
}
