/** One room: who is in it, and what they are told. It ends with the last who leaves. */
import type { Moderator, Reaction, RoomEvent } from '../signalling/contract.ts';
import { AttendanceBook } from './attendance.ts';
import { Callers } from './callers.ts';
import { Chat } from './chat.ts';
import type { ConferenceParts } from './conference.ts';
import { Entrance } from './entrance.ts';
import type { Admission, EnteredRoom, Entry } from './entrance.ts';
import type { Dialling } from './dialling.ts';
import { ConferenceError } from './errors.ts';
import { Hands } from './hands.ts';
import { HostActions } from './host-actions.ts';
import { Hosts } from './hosts.ts';
import type { Lobby, Visitor } from './lobby.ts';
import { mediaEvents } from './media-events.ts';
import type { Attendance, LeaveReason, ParticipantId, ParticipantInfo, RoomInfo, RoomName } from './model.ts';
import type { Actor, ModeratedRoom } from './moderation.ts';
import { Participant } from './participant.ts';
import type { ParticipantRoom } from './participant.ts';
import type { MediaRoom } from './ports.ts';
import { pictureFor, summaryOf } from './picture.ts';
import type { PicturedRoom } from './picture.ts';
import { requirePower } from './roles.ts';
import type { Empowered, Power, Role } from './roles.ts';
import { roomInfo } from './room-info.ts';
import type { RoomPicture, RoomSummary } from './room-info.ts';
import type { ReadyChange, Rules } from './rules.ts';
import type { RoomSettings } from './settings.ts';
import { Sight } from './sight.ts';

export class Room implements ParticipantRoom, EnteredRoom, ModeratedRoom, PicturedRoom {
  readonly name: RoomName;
  readonly rules: Rules;
  readonly chat: Chat;
  /** Telephones, whose sound takes another way. */
  readonly callers: Callers;
  readonly hosts: Hosts;
  readonly sight: Sight;
  readonly hands = new Hands(() => this.now());
  readonly #parts: ConferenceParts;
  readonly #media: MediaRoom;
  readonly #onClosed: () => void;
  readonly #entrance: Entrance;
  readonly #attendance: AttendanceBook;
  /** In the order of joining. */
  readonly #participants = new Map<ParticipantId, Participant>();
  /** Those who are at the door at the moment; the room stays open for them. */
  #entering = 0;
  /** Those whose media is being made; they count as being in the room. */
  #joining = 0;
  /** Whether anybody has come in since the room was opened. */
  #entered = false;
  #dominantSpeaker: ParticipantId | null = null;
  #spotlight: ParticipantId | null = null;
  #closed = false;

  private constructor(
    rules: Rules,
    parts: ConferenceParts,
    media: MediaRoom,
    unclaimed: boolean,
    onClosed: () => void,
  ) {
    this.name = rules.record.name;
    this.rules = rules;
    this.#parts = parts;
    this.#media = media;
    this.#onClosed = onClosed;
    this.sight = new Sight(
      () => rules.settings,
      () => this.#participants.values(),
    );
    const voiceLost = async (id: ParticipantId) => this.participant(id)?.voiceLost();
    this.callers = new Callers(this, { media, voiceLost });
    const failed = (error: unknown) => parts.failed(this.name, error);
    this.#attendance = new AttendanceBook({
      room: this.name,
      store: parts.store.attendance,
      secrets: parts.secrets,
      clock: parts.clock,
      failed,
    });
    this.chat = new Chat({
      room: this.name,
      store: parts.store.chat,
      tail: parts.limits.chatTail,
      newId: parts.newId,
      now: () => this.now(),
      settings: () => rules.settings,
      participants: () => this.#participants.values(),
    });
    this.hosts = new Hosts({
      rules,
      clock: parts.clock,
      participants: () => this.participants,
      changed: (participant) => this.#roleChanged(participant),
      failed,
      end: () => this.end('room-ended'),
    });
    this.#entrance = new Entrance({ ...parts, rules, unclaimed, room: this });
  }

  /**
   * @param unclaimed true for a room that was made for the first who comes: that one is host
   * @throws ConferenceError `media-unavailable`
   */
  static async open(
    rules: Rules,
    parts: ConferenceParts,
    { unclaimed, onClosed }: { unclaimed: boolean; onClosed: () => void },
  ): Promise<Room> {
    // Nobody is there to be told anything before the room is.
    let room: Room | null = null;
    const media = await parts.media.openRoom(
      rules.record.name,
      mediaEvents((id) => room?.participant(id), {
        dominantSpeaker: (participantId) => room?.dominantSpeakerChanged(participantId),
      }),
    );
    room = new Room(rules, parts, media, unclaimed, onClosed);
    const { openedAt } = rules.record;
    if (openedAt !== null && room.#attendance.lacksHost(openedAt))
      room.hosts.awaitReturn(parts.limits.placeKeptMs);
    return room;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get settings(): RoomSettings {
    return this.rules.settings;
  }

  get participants(): Participant[] {
    return [...this.#participants.values()];
  }

  get dialling(): Dialling {
    return this.#parts.dialling;
  }

  get lobby(): Lobby {
    return this.#entrance.lobby;
  }

  /** When people are let in, in ms since the epoch; null for a room without a time. */
  get opensAt(): number | null {
    return this.#entrance.opensAt;
  }

  participant(id: ParticipantId): Participant | undefined {
    return this.#participants.get(id);
  }

  /** What a host may do here, or whoever runs the server. */
  actions(actor: Actor): HostActions {
    return new HostActions(this, actor);
  }

  now(): number {
    return this.#parts.clock.now();
  }

  /** @throws as `Entrance.enter` */
  async enter(entry: Entry): Promise<Admission> {
    this.#entering += 1;
    try {
      return await this.#entrance.enter(entry);
    } finally {
      this.#entering -= 1;
      this.#closeIfEmpty();
    }
  }

  /** Idempotent. */
  end(reason: LeaveReason, by: Moderator | null = null): void {
    if (this.#closed) return;
    this.#close(reason);
    for (const participant of this.participants) participant.leave(reason, by);
    this.#tellEnd();
  }

  // --------------------------------------------------------------------------------- what people do

  tellAll(event: RoomEvent): void {
    for (const participant of this.#participants.values()) participant.tell(event);
  }

  /** @throws ConferenceError `forbidden` */
  react(participant: Participant, reaction: Reaction): void {
    requirePower(participant, 'react');
    this.tellAll({ type: 'reaction', participantId: participant.id, reaction });
  }

  /** Since it was opened; in the order of coming. */
  attendance(): Attendance[] {
    return this.#attendance.since(this.rules.record.openedAt ?? this.now());
  }

  pictureFor(participant: Participant): RoomPicture {
    return pictureFor(this, participant);
  }

  infoFor(reader: Empowered): RoomInfo {
    const { dialIn, dialling } = this.#parts;
    const now = { spotlight: this.#spotlight, dialIn, canDial: dialling.canDial };
    return roomInfo(this.rules.record, now, reader);
  }

  summary(): RoomSummary {
    return summaryOf(this);
  }

  get dominantSpeaker(): ParticipantId | null {
    return this.#dominantSpeaker;
  }

  // --------------------------------------------------------------------------------- what hosts do

  /** Resolves when what it does not allow any more has ended. */
  async change(change: ReadyChange): Promise<void> {
    if (this.#closed) return;
    this.rules.change(change);
    this.tellRoom();
    this.sight.refresh();
    this.#entrance.review();
    await Promise.all(this.participants.map((participant) => participant.settingsChanged()));
  }

  setSpotlight(id: ParticipantId | null): void {
    if (id === this.#spotlight) return;
    this.#spotlight = id;
    this.tellRoom();
  }

  setRole(participant: Participant, role: Role): Promise<void> {
    return this.hosts.setRole(participant, role);
  }

  #roleChanged(participant: Participant): void {
    participant.tell({ type: 'roomChanged', room: this.infoFor(participant) });
    participant.tell({ type: 'waitingChanged', waiting: participant.may('admit') ? this.lobby.knocks : [] });
    for (const other of this.participants) {
      if (other.info.number === null) continue;
      participant.tell({ type: 'participantChanged', participant: other.infoFor(participant) });
    }
    this.dialling.introduce(this, participant);
    this.sight.refresh();
    this.#entrance.review();
  }

  // --------------------------------------------------------------------------------- for the way in

  get occupancy(): number {
    return this.#participants.size + this.#joining;
  }

  get hostPresent(): boolean {
    return this.hosts.all.length > 0;
  }

  /** @throws ConferenceError `media-unavailable`, `server-draining` */
  async letIn(
    visitor: Visitor,
    hostKey: string | null,
    { pass, tell }: Pick<Entry, 'pass' | 'tell'>,
  ): Promise<Participant> {
    const id = this.newId();
    this.#joining += 1;
    try {
      this.rules.opened(this.now());
      const { caller } = visitor;
      const media = await (caller ? this.callers.connect(id, caller) : this.#media.connect(id));
      if (this.#closed) {
        media.close();
        throw new ConferenceError('server-draining', 'The room has been ended.');
      }
      const here = { ...visitor, id, number: caller?.number ?? null, hostKey, media, tell };
      const parts = { ...here, joinedAt: this.rules.cameAt(this.now()) };
      const participant = this.#add(new Participant(parts, this), pass);
      await participant.speak();
      return participant;
    } finally {
      this.#joining -= 1;
    }
  }

  waitingChanged(): void {
    this.tellThoseWho('admit', { type: 'waitingChanged', waiting: this.lobby.knocks });
    this.#closeIfEmpty();
  }

  roleBefore(pass: string): Role | null {
    const { openedAt } = this.rules.record;
    return openedAt === null ? null : (this.#attendance.takeBack(pass, openedAt)?.role ?? null);
  }

  #add(participant: Participant, pass: string): Participant {
    const { observer } = this.#parts;
    this.#attendance.came(participant.info, pass);
    if (!this.#entered) observer.roomOpened(this.name);
    this.#entered = true;
    this.#tellOf(participant, 'participantJoined');
    this.#participants.set(participant.id, participant);
    this.sight.begin(participant);
    observer.participantJoined(this.name, participant.info);
    this.callers.tellCount('came', this.#participants.size);
    if (participant.role === 'host') this.#entrance.review();
    return participant;
  }

  // --------------------------------------------------------------------------------- for participants

  get publicationsPerParticipant(): number {
    return this.#parts.limits.publicationsPerParticipant;
  }

  newId(): string {
    return this.#parts.newId();
  }

  changed(participant: Participant, before: ParticipantInfo): void {
    const { info } = participant;
    this.#attendance.changed(info, before);
    this.#tellOf(participant, 'participantChanged');
    if (info.handRaisedAt !== null && before.handRaisedAt === null) {
      this.#parts.observer.handRaised(this.name, info);
    }
  }

  left(participant: Participant, reason: LeaveReason): void {
    this.#participants.delete(participant.id);
    this.#attendance.went(participant.id, reason);
    this.tellAll({ type: 'participantLeft', participantId: participant.id, reason });
    this.#parts.observer.participantLeft(this.name, participant.info, reason);
    if (this.#closed) return;
    this.callers.tellCount('went', this.#participants.size);
    if (this.#spotlight === participant.id) this.setSpotlight(null);
    if (participant.role === 'host') this.hosts.hostLeft();
    this.#closeIfEmpty();
  }

  // --------------------------------------------------------------------------------- within

  dominantSpeakerChanged(participantId: ParticipantId | null): void {
    this.#dominantSpeaker = participantId;
    this.tellAll({ type: 'dominantSpeaker', participantId });
  }

  tellRoom(): void {
    for (const participant of this.#participants.values()) {
      participant.tell({ type: 'roomChanged', room: this.infoFor(participant) });
    }
  }

  /** What each may know of one. */
  #tellOf(participant: Participant, type: 'participantJoined' | 'participantChanged'): void {
    for (const reader of this.#participants.values()) {
      reader.tell({ type, participant: participant.infoFor(reader) });
    }
  }

  tellThoseWho(power: Power, event: RoomEvent): void {
    for (const participant of this.#participants.values()) {
      if (participant.may(power)) participant.tell(event);
    }
  }

  /** A room that lasts stays open for those at its door; another one ends with the last who leaves. */
  #closeIfEmpty(): void {
    if (this.#closed || this.occupancy > 0 || this.#entering > 0) return;
    const isAwaited = !this.lobby.isEmpty && (this.rules.record.lasting || !this.#entered);
    if (isAwaited) return;
    this.#close('room-ended');
    this.#tellEnd();
  }

  #tellEnd(): void {
    if (this.#entered) this.#parts.observer.roomEnded(this.name);
  }

  /** Nobody comes in any more. A server that stops leaves its rooms as they are, to go on when it is there again. */
  #close(reason: LeaveReason): void {
    this.#closed = true;
    this.#onClosed();
    const isStopping = reason === 'server-stopping';
    this.#entrance.close(isStopping ? 'server-stopping' : 'room-ended');
    this.hosts.close();
    this.#media.close();
    try {
      // One that was made for somebody who could not come in after all never was.
      const isOver = this.#entered || this.#entrance.isUnclaimed;
      if (isOver && !isStopping) this.#parts.store.roomEnded(this.name);
    } catch (error) {
      // It counts as left behind when the server starts the next time.
      this.#parts.failed(this.name, error);
    }
  }
}
