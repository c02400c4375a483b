/** Who was in one room, from when to when: written down as it happens. */
import type { Attendance, ParticipantId, ParticipantInfo, RoomName } from './model.ts';
import type { AttendanceStore } from './ports.ts';

export class AttendanceBook {
  readonly #room: RoomName;
  readonly #store: AttendanceStore;
  readonly #open = new Map<ParticipantId, Attendance>();

  constructor(room: RoomName, store: AttendanceStore) {
    this.#room = room;
    this.#store = store;
  }

  came({ id, name, kind, role, joinedAt }: ParticipantInfo): void {
    const stay = { participantId: id, name, kind, role, joinedAt, leftAt: null, hands: 0 };
    this.#store.add(this.#room, stay);
    this.#open.set(id, stay);
  }

  changed({ id, name, role, handRaisedAt }: ParticipantInfo, before: ParticipantInfo): void {
    const stay = this.#open.get(id);
    if (!stay) return;
    const hands = stay.hands + (handRaisedAt !== null && before.handRaisedAt === null ? 1 : 0);
    if (name === stay.name && role === stay.role && hands === stay.hands) return;
    this.#save({ ...stay, name, role, hands });
  }

  /** @param leftAt ms since the epoch */
  went(id: ParticipantId, leftAt: number): void {
    const stay = this.#open.get(id);
    if (stay) this.#save({ ...stay, leftAt });
    this.#open.delete(id);
  }

  /** @param from ms since the epoch */
  since(from: number): Attendance[] {
    return this.#store.since(this.#room, from);
  }

  #save(stay: Attendance): void {
    this.#store.save(stay);
    this.#open.set(stay.participantId, stay);
  }
}
