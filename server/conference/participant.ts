/** One participant of a room, and all that it may ask for. */
import type {
  Direction,
  DtlsParameters,
  IceParameters,
  JoinAnswer,
  Reaction,
  RoomEvent,
  RtpCapabilities,
  RtpParameters,
  View,
} from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type {
  ChatMessage,
  ConnectionQuality,
  LeaveReason,
  ParticipantId,
  ParticipantInfo,
  ParticipantKind,
  PublicationId,
  PublicationInfo,
  Source,
  SubscriptionId,
} from './model.ts';
import type { MediaConnection, MediaParticipant, MediaPublication } from './ports.ts';

/** A room as somebody finds it who comes in now. */
export type RoomPicture = Pick<
  JoinAnswer,
  'participants' | 'publications' | 'chat' | 'dominantSpeaker' | 'now'
>;

/** What a participant needs of its room. */
export interface ParticipantRoom {
  readonly publicationsPerParticipant: number;
  newId(): string;
  /** Ms since the epoch. */
  now(): number;
  picture(): RoomPicture;
  tellAll(event: RoomEvent): void;
  tellOthers(than: Participant, event: RoomEvent): void;
  addChatMessage(message: ChatMessage): void;
  left(participant: Participant, reason: LeaveReason): void;
}

export interface ParticipantParts {
  id: ParticipantId;
  name: string;
  kind: ParticipantKind;
  /** Ms since the epoch. */
  joinedAt: number;
  media: MediaParticipant;
  tell: (event: RoomEvent) => void;
}

interface Publication {
  info: PublicationInfo;
  media: MediaPublication;
}

export class Participant {
  readonly #room: ParticipantRoom;
  readonly #media: MediaParticipant;
  readonly #tell: (event: RoomEvent) => void;
  readonly #publications = new Map<PublicationId, Publication>();
  #info: ParticipantInfo;
  /** The end of the last publishing: one after the other, as two of one source must not overtake each other. */
  #publishing: Promise<unknown> = Promise.resolve();
  #left = false;

  constructor({ id, name, kind, joinedAt, media, tell }: ParticipantParts, room: ParticipantRoom) {
    this.#room = room;
    this.#media = media;
    this.#tell = tell;
    this.#info = {
      id,
      name,
      kind,
      role: 'participant',
      handRaisedAt: null,
      joinedAt,
      quality: 'good',
      connected: true,
    };
  }

  get id(): ParticipantId {
    return this.#info.id;
  }

  /** A new object for every change. */
  get info(): ParticipantInfo {
    return this.#info;
  }

  get publications(): PublicationInfo[] {
    return [...this.#publications.values()].map(({ info }) => info);
  }

  get roomPicture(): RoomPicture {
    return this.#room.picture();
  }

  /** True from the moment on when it is no longer in the room. */
  get left(): boolean {
    return this.#left;
  }

  /** What the client needs for its transports now. */
  get connection(): MediaConnection {
    return this.#media.connection;
  }

  tell(event: RoomEvent): void {
    this.#tell(event);
  }

  // ------------------------------------------------------------------------------------ media

  ready(rtpCapabilities: RtpCapabilities, view?: View): void {
    if (view) this.#media.setView(view);
    this.#media.setCapabilities(rtpCapabilities);
  }

  /** @throws ConferenceError `unsupported-media`, `media-unavailable` */
  connectTransport(direction: Direction, dtlsParameters: DtlsParameters): Promise<void> {
    return this.#media.connectTransport(direction, dtlsParameters);
  }

  /** @throws ConferenceError `media-unavailable` */
  restartIce(direction: Direction): Promise<IceParameters> {
    return this.#media.restartIce(direction);
  }

  /**
   * Publishes; what the participant published from the same source before is unpublished.
   * @throws ConferenceError `too-many-publications`, `unsupported-media`, `media-unavailable`
   */
  publish(source: Source, rtpParameters: RtpParameters, muted: boolean): Promise<PublicationId> {
    const published = this.#publishing.then(() => this.#publish(source, rtpParameters, muted));
    this.#publishing = published.catch(() => undefined);
    return published;
  }

  async #publish(source: Source, rtpParameters: RtpParameters, muted: boolean): Promise<PublicationId> {
    const former = this.publications.find((publication) => publication.source === source);
    if (former) this.unpublish(former.id);
    if (this.#publications.size >= this.#room.publicationsPerParticipant) {
      throw new ConferenceError('too-many-publications', 'You publish as much as you may.');
    }
    const id = this.#room.newId();
    const media = await this.#media.publish({ id, source, rtpParameters, muted });
    if (this.#left) {
      media.close();
      throw new ConferenceError('media-unavailable', 'You have left the room.');
    }
    const info = { id, participantId: this.id, source, muted };
    this.#publications.set(id, { info, media });
    this.#room.tellOthers(this, { type: 'publicationAdded', publication: info });
    return id;
  }

  /** @throws ConferenceError `unknown-publication` */
  unpublish(id: PublicationId): void {
    const { media } = this.#own(id);
    this.#publications.delete(id);
    media.close();
    this.#room.tellOthers(this, { type: 'publicationRemoved', publicationId: id });
  }

  /** @throws ConferenceError `unknown-publication`, `media-unavailable` */
  async setMuted(id: PublicationId, muted: boolean): Promise<void> {
    const publication = this.#own(id);
    await publication.media.setMuted(muted);
    if (this.#publications.get(id) !== publication || publication.info.muted === muted) return;
    publication.info = { ...publication.info, muted };
    this.#room.tellOthers(this, { type: 'publicationChanged', publication: publication.info });
  }

  setView(view: View): void {
    this.#media.setView(view);
  }

  /** @throws ConferenceError `unknown-subscription` */
  subscriptionsReady(ids: readonly SubscriptionId[]): Promise<void> {
    return this.#media.subscriptionsReady(ids);
  }

  qualityChanged(quality: ConnectionQuality): void {
    this.#change({ quality });
  }

  /** Its media goes on at another worker, where nothing is published yet. */
  mediaLost(connection: MediaConnection): void {
    const lost = [...this.#publications.keys()];
    this.#publications.clear();
    for (const publicationId of lost) {
      this.#room.tellOthers(this, { type: 'publicationRemoved', publicationId });
    }
    this.tell({ type: 'mediaReset', ...connection });
  }

  // ------------------------------------------------------------------------------------ people

  /** @throws Error when the message cannot be kept */
  writeChat(text: string): ChatMessage {
    const { id: participantId, name } = this.#info;
    const message = { id: this.#room.newId(), participantId, name, text, at: this.#room.now() };
    this.#room.addChatMessage(message);
    return message;
  }

  /** A hand that is up stays where it is in the order. */
  raiseHand(raised: boolean): void {
    if (raised === (this.#info.handRaisedAt !== null)) return;
    this.#change({ handRaisedAt: raised ? this.#room.now() : null });
  }

  react(reaction: Reaction): void {
    this.#room.tellAll({ type: 'reaction', participantId: this.id, reaction });
  }

  rename(name: string): void {
    this.#change({ name });
  }

  // ------------------------------------------------------------------------------------ coming and going

  /** The socket is gone, and may come back. Media goes its own way, and goes on. */
  disconnected(): void {
    this.#change({ connected: false });
  }

  /** The socket is back, perhaps from another network: the connection has new ICE parameters. */
  async reconnected(): Promise<MediaConnection> {
    this.#change({ connected: true });
    try {
      await Promise.all([this.restartIce('send'), this.restartIce('receive')]);
    } catch (error) {
      // Its media is between two workers: `mediaReset` follows and brings another connection.
      if (!(error instanceof ConferenceError && error.code === 'media-unavailable')) throw error;
    }
    return this.connection;
  }

  /** Idempotent. Who does not go by itself is told. */
  leave(reason: LeaveReason): void {
    if (this.#left) return;
    this.#left = true;
    this.#publications.clear();
    this.#media.close();
    if (reason !== 'left') this.tell({ type: 'ended', reason });
    this.#room.left(this, reason);
  }

  #own(id: PublicationId): Publication {
    const publication = this.#publications.get(id);
    if (!publication) throw new ConferenceError('unknown-publication', `You have no publication ${id}.`);
    return publication;
  }

  #change(change: Partial<ParticipantInfo>): void {
    if (this.#left) return;
    const before = new Map<string, unknown>(Object.entries(this.#info));
    if (Object.entries(change).every(([key, value]) => before.get(key) === value)) return;
    this.#info = { ...this.#info, ...change };
    this.#room.tellAll({ type: 'participantChanged', participant: this.#info });
  }
}
