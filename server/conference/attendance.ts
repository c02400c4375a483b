/** Who was in one room, from when to when: written down as it happens. */
import type { Attendance, LeaveReason, ParticipantId, ParticipantInfo, RoomName } from './model.ts';
import type { AttendanceStore, Secrets } from './ports.ts';

export class AttendanceBook {
  readonly #room: RoomName;
  readonly #store: AttendanceStore;
  readonly #secrets: Pick<Secrets, 'hashKey'>;
  readonly #open = new Map<ParticipantId, Attendance>();

  constructor(room: RoomName, store: AttendanceStore, secrets: Pick<Secrets, 'hashKey'>) {
    this.#room = room;
    this.#store = store;
    this.#secrets = secrets;
  }

  /** @param pass what the participant can prove that it was here with, when the server was gone; secret */
  came({ id, name, kind, role, joinedAt }: ParticipantInfo, pass: string): void {
    const stay = { participantId: id, name, kind, role, joinedAt, leftAt: null, hands: 0 };
    this.#store.add(this.#room, stay, this.#secrets.hashKey(pass));
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
  went(id: ParticipantId, leftAt: number, reason: LeaveReason): void {
    const stay = this.#open.get(id);
    if (stay) this.#save({ ...stay, leftAt });
    if (reason === 'server-stopping') this.#store.cutOff(id);
    this.#open.delete(id);
  }

  /** The stay that ended with the server rather than by itself, if there is one. @param from ms since the epoch */
  takeBack(pass: string, from: number): Attendance | null {
    return this.#store.takeBack(this.#room, this.#secrets.hashKey(pass), from);
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
