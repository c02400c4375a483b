/** One room: who is in it, what they publish, what they write. It ends with the last who leaves. */
import type { RoomEvent } from '../signalling/contract.ts';
import type { ConferenceParts, Entry } from './conference.ts';
import { ConferenceError } from './errors.ts';
import type { ChatMessage, LeaveReason, ParticipantId, RoomName } from './model.ts';
import { Participant } from './participant.ts';
import type { ParticipantRoom, RoomPicture } from './participant.ts';
import type { MediaEvents, MediaRoom } from './ports.ts';

export class Room implements ParticipantRoom {
  readonly name: RoomName;
  readonly #parts: ConferenceParts;
  readonly #media: MediaRoom;
  readonly #onClosed: () => void;
  /** In the order of joining. */
  readonly #participants = new Map<ParticipantId, Participant>();
  /** Those whose media is being made; they count as being in the room. */
  #joining = 0;
  #dominantSpeaker: ParticipantId | null = null;
  #closed = false;

  private constructor(name: RoomName, parts: ConferenceParts, media: MediaRoom, onClosed: () => void) {
    this.name = name;
    this.#parts = parts;
    this.#media = media;
    this.#onClosed = onClosed;
    parts.observer.roomOpened(name);
  }

  /** @throws ConferenceError `media-unavailable` */
  static async open(name: RoomName, parts: ConferenceParts, onClosed: () => void): Promise<Room> {
    // Nobody is there to be told anything before the room is.
    let room: Room | null = null;
    const media = await parts.media.openRoom(
      name,
      mediaEvents((id) => room?.participant(id), {
        dominantSpeaker: (participantId) => room?.dominantSpeakerChanged(participantId),
      }),
    );
    room = new Room(name, parts, media, onClosed);
    return room;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get publicationsPerParticipant(): number {
    return this.#parts.limits.publicationsPerParticipant;
  }

  participant(id: ParticipantId): Participant | undefined {
    return this.#participants.get(id);
  }

  /** @throws ConferenceError `room-full`, `media-unavailable` */
  async join({ name, kind, tell }: Entry): Promise<Participant> {
    if (this.#participants.size + this.#joining >= this.#parts.limits.participantsPerRoom) {
      throw new ConferenceError('room-full', 'The room holds no more participants.');
    }
    const id = this.newId();
    this.#joining += 1;
    try {
      const media = await this.#media.connect(id);
      if (this.#closed) {
        media.close();
        throw new ConferenceError('server-draining', 'The room has been ended.');
      }
      const participant = new Participant({ id, name, kind, media, tell, joinedAt: this.now() }, this);
      this.tellAll({ type: 'participantJoined', participant: participant.info });
      this.#participants.set(id, participant);
      this.#parts.observer.participantJoined(this.name, participant.info);
      return participant;
    } finally {
      this.#joining -= 1;
      this.#closeIfEmpty();
    }
  }

  /** Idempotent. */
  end(reason: LeaveReason): void {
    for (const participant of this.#participants.values()) participant.leave(reason);
    this.#close();
  }

  dominantSpeakerChanged(participantId: ParticipantId | null): void {
    this.#dominantSpeaker = participantId;
    this.tellAll({ type: 'dominantSpeaker', participantId });
  }

  tellAll(event: RoomEvent): void {
    for (const participant of this.#participants.values()) participant.tell(event);
  }

  tellOthers(than: Participant, event: RoomEvent): void {
    for (const participant of this.#participants.values()) {
      if (participant !== than) participant.tell(event);
    }
  }

  // --------------------------------------------------------------------------------- for participants

  newId(): string {
    return this.#parts.newId();
  }

  now(): number {
    return this.#parts.clock.now();
  }

  addChatMessage(message: ChatMessage): void {
    this.#parts.store.addChatMessage(this.name, message);
    this.tellAll({ type: 'chatMessage', message });
  }

  left(participant: Participant, reason: LeaveReason): void {
    this.#participants.delete(participant.id);
    this.tellAll({ type: 'participantLeft', participantId: participant.id, reason });
    this.#parts.observer.participantLeft(this.name, participant.info, reason);
    this.#closeIfEmpty();
  }

  picture(): RoomPicture {
    const participants = [...this.#participants.values()];
    return {
      participants: participants.map(({ info }) => info),
      publications: participants.flatMap(({ publications }) => publications),
      chat: this.#parts.store.chatMessages(this.name, this.#parts.limits.chatTail),
      dominantSpeaker: this.#dominantSpeaker,
      now: this.now(),
    };
  }

  #closeIfEmpty(): void {
    if (this.#participants.size + this.#joining === 0) this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#media.close();
    this.#parts.store.roomEnded(this.name);
    this.#parts.observer.roomEnded(this.name);
    this.#onClosed();
  }
}

/** What media tells, handed to the participant whom it concerns; one who has left is not told. */
function mediaEvents(
  participant: (id: ParticipantId) => Participant | undefined,
  room: Pick<MediaEvents, 'dominantSpeaker'>,
): MediaEvents {
  return {
    ...room,
    subscriptionOpened: (to, subscription) =>
      participant(to)?.tell({ type: 'subscriptionOpened', subscription }),
    subscriptionClosed: (to, subscriptionId) =>
      participant(to)?.tell({ type: 'subscriptionClosed', subscriptionId }),
    subscriptionPaused: (to, subscriptionId, paused) =>
      participant(to)?.tell({ type: 'subscriptionPaused', subscriptionId, paused }),
    subscriptionLayers: (to, subscriptionId, layers) =>
      participant(to)?.tell({ type: 'subscriptionLayers', subscriptionId, layers }),
    quality: (id, quality) => participant(id)?.qualityChanged(quality),
    reset: (id, connection) => participant(id)?.mediaLost(connection),
  };
}
