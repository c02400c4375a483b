/** One participant of a room: what others know of it, its media, and its coming and going. */
import type {
  Direction,
  DtlsParameters,
  IceParameters,
  Moderation,
  Moderator,
  RoomEvent,
  RtpCapabilities,
  RtpParameters,
  View,
} from '../signalling/contract.ts';
import type { Origin } from './door.ts';
import { ConferenceError } from './errors.ts';
import type {
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
import type { MediaConnection, MediaParticipant } from './ports.ts';
import { Publications } from './publications.ts';
import { may } from './roles.ts';
import type { Empowered, Power, Role } from './roles.ts';
import { allowedSources } from './settings.ts';
import type { Grants, RoomSettings } from './settings.ts';
import { type Sight } from './sight.ts';

/** What a participant needs of its room. */
export interface ParticipantRoom {
  readonly settings: RoomSettings;
  readonly sight: Sight;
  readonly publicationsPerParticipant: number;
  newId(): string;
  changed(participant: Participant, before: ParticipantInfo): void;
  left(participant: Participant, reason: LeaveReason): void;
}

export interface ParticipantParts {
  id: ParticipantId;
  name: string;
  kind: ParticipantKind;
  role: Role;
  avatar: string | null;
  /** A telephone's; null for others. */
  number: string | null;
  origin: Origin;
  /** With which it has come in as host, or null. */
  hostKey: string | null;
  /** Ms since the epoch. */
  joinedAt: number;
  media: MediaParticipant;
  tell: (event: RoomEvent) => void;
}

/** A telephone's RTP is agreed upon with its bridge, once for all. */
const NO_RTP: RtpParameters = { codecs: [] };

export class Participant {
  /** By what it is known again when it is put out. */
  readonly origin: Origin;
  /** The key to be host again after having left; null for others, and for hosts by token. Secret. */
  hostKey: string | null;
  /** True from `invited-to-stage` until it is answered. */
  invitedToStage = false;
  readonly #room: ParticipantRoom;
  readonly #media: MediaParticipant;
  readonly #tell: (event: RoomEvent) => void;
  readonly #publications: Publications;
  #info: ParticipantInfo;
  #grants: Grants = {};
  /** Whether the voice was to be heard when a host began to hold it. */
  #unmutedBeforeHold = false;
  /** Of a telephone, before its worker was lost. */
  #voiceWasHeard = false;
  #view: View = { videos: [], pinned: null };
  #left = false;

  constructor(parts: ParticipantParts, room: ParticipantRoom) {
    const { id, name, kind, role, avatar, number, origin, hostKey, joinedAt, media, tell } = parts;
    this.origin = origin;
    this.hostKey = hostKey;
    this.#room = room;
    this.#media = media;
    this.#tell = tell;
    this.#info = {
      id,
      name,
      kind,
      role,
      avatar,
      number,
      handRaisedAt: null,
      joinedAt,
      quality: 'good',
      connected: true,
      held: false,
      allowed: allowedSources(role, room.settings, {}),
    };
    const { quietEntry } = room.settings;
    this.#publications = new Publications({
      participantId: id,
      media,
      limit: room.publicationsPerParticipant,
      newId: () => room.newId(),
      allowed: () => this.#info.allowed,
      mayPublish: () => this.may('publish'),
      beginsQuietly: () => quietEntry && !this.may('moderate'),
      listener: {
        added: (publication) => room.sight.added(this, publication),
        changed: (publication, mine) => room.sight.changed(this, publication, mine),
        removed: (publication, mine) => room.sight.removed(this, publication, mine),
      },
    });
  }

  get id(): ParticipantId {
    return this.#info.id;
  }

  /** A new object for every change. */
  get info(): ParticipantInfo {
    return this.#info;
  }

  /** What this reader may know of it. */
  infoFor(reader: Empowered): ParticipantInfo {
    const isForAll = this.#info.number === null || reader.may('see-as-host');
    return isForAll ? this.#info : { ...this.#info, number: null };
  }

  get role(): Role {
    return this.#info.role;
  }

  get publications(): PublicationInfo[] {
    return this.#publications.all;
  }

  /** True from the moment on when it is no longer in the room. */
  get left(): boolean {
    return this.#left;
  }

  /** What the client needs for its transports now. */
  get connection(): MediaConnection {
    return this.#media.connection;
  }

  may(power: Power): boolean {
    return may(this.role, power);
  }

  tell(event: RoomEvent): void {
    this.#tell(event);
  }

  /** Tells it what was done to it, unless it did so itself. */
  tellModerated(moderation: Moderation, by: Moderator): void {
    if (by.participantId !== this.id) this.tell({ type: 'moderated', moderation, by });
  }

  // ------------------------------------------------------------------------------------ media

  ready(rtpCapabilities: RtpCapabilities, view?: View): void {
    if (view) this.setView(view);
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

  /** @throws as `Publications.publish` */
  publish(source: Source, rtpParameters: RtpParameters, muted: boolean): Promise<PublicationInfo> {
    return this.#publications.publish(source, rtpParameters, muted);
  }

  /** @throws ConferenceError `unknown-publication` */
  unpublish(id: PublicationId): void {
    this.#publications.unpublish(id);
  }

  /** @throws ConferenceError `unknown-publication`, `forbidden`, `media-unavailable` */
  setMuted(id: PublicationId, muted: boolean): Promise<void> {
    return this.#publications.setMuted(id, muted);
  }

  /** Somebody else mutes it. */
  mute(source: Source): Promise<void> {
    return this.#publications.mute(source);
  }

  /** Somebody else ends it. */
  stop(source: Source): void {
    this.#publications.stop(source);
  }

  setView(view: View): void {
    this.#view = view;
    this.sightChanged();
  }

  /** What it may see of what it wants to see is another. */
  sightChanged(): void {
    if (!this.#left) this.#media.setView(this.#room.sight.filter(this, this.#view));
  }

  /** @throws ConferenceError `unknown-subscription` */
  subscriptionsReady(ids: readonly SubscriptionId[]): Promise<void> {
    return this.#media.subscriptionsReady(ids);
  }

  // ------------------------------------------------------------------------------------ of telephones

  /**
   * Makes a telephone's voice ready, if it may have one; muted where it may not be heard. Others publish themselves.
   * @throws ConferenceError `media-unavailable` when it has left
   */
  async speak(): Promise<void> {
    await this.#giveVoice(!this.#info.allowed.includes('microphone'));
  }

  async #giveVoice(muted: boolean): Promise<void> {
    if (this.#info.kind !== 'phone' || !this.may('publish') || this.#publications.from('microphone')) return;
    try {
      await this.publish('microphone', NO_RTP, muted);
    } catch (error) {
      // Its media is between two workers: `voiceLost` follows, and with it the voice.
      if (this.#left || !isUnavailable(error)) throw error;
    }
  }

  /** The voice is gone with its worker: it is published again, or the caller goes. Never rejects. */
  async voiceLost(): Promise<void> {
    const voice = this.#publications.from('microphone');
    if (voice) this.#voiceWasHeard = !voice.muted;
    this.#publications.lost();
    if (!this.may('publish')) return;
    const muted = !this.#voiceWasHeard || !this.#info.allowed.includes('microphone');
    try {
      await this.publish('microphone', NO_RTP, muted);
    } catch (error) {
      // Lost again on the way: this comes again, too.
      if (!isUnavailable(error)) this.leave('connection-lost');
    }
  }

  /** @throws ConferenceError `forbidden` for one who may not be heard, `media-unavailable` */
  async setVoiceMuted(muted: boolean): Promise<void> {
    const voice = this.#publications.from('microphone');
    if (voice) await this.setMuted(voice.id, muted);
    // It may be about to be there.
    else if (muted) await this.#publications.mute('microphone');
    else throw new ConferenceError('forbidden', 'It takes the power publish.');
  }

  /** While it is held nobody hears the voice, whatever the settings. */
  async hold(held: boolean): Promise<void> {
    if (held === this.#info.held) return;
    if (held) this.#unmutedBeforeHold = this.#publications.from('microphone')?.muted === false;
    this.#change({ held });
    await this.settingsChanged();
    const mayBeHeard = this.#info.allowed.includes('microphone');
    if (!held && this.#unmutedBeforeHold && mayBeHeard) await this.#publications.unmute('microphone');
  }

  qualityChanged(quality: ConnectionQuality): void {
    this.#change({ quality });
  }

  /** Its media goes on at another worker, where nothing is published yet. */
  mediaLost(connection: MediaConnection): void {
    this.#publications.lost();
    this.#view = { videos: [], pinned: null };
    this.tell({ type: 'mediaReset', ...connection });
  }

  // ------------------------------------------------------------------------------------ people

  /** A hand that is up stays where it is in the order. @param at ms since the epoch; null to lower it */
  setHand(at: number | null): void {
    if ((at === null) !== (this.#info.handRaisedAt === null)) this.#change({ handRaisedAt: at });
  }

  rename(name: string): void {
    this.#change({ name });
  }

  /** What was granted or forbidden before is void: it belonged to the role. */
  async setRole(role: Role): Promise<void> {
    if (role === this.role) return;
    this.invitedToStage = false;
    this.#grants = {};
    this.#change({ role, allowed: this.#allowedAs(role) });
    await this.#publications.enforce();
    if (!this.may('publish')) this.#voiceWasHeard = false;
    // Whoever has been listening is not heard before they wish to be.
    await this.#giveVoice(true);
  }

  /** Allows or forbids sources, against the settings of the room; undefined leaves one to them again. */
  async grant(grants: { [S in Source]?: boolean | undefined }): Promise<void> {
    const entries = Object.entries({ ...this.#grants, ...grants });
    this.#grants = Object.fromEntries(entries.filter(([, grant]) => grant !== undefined));
    await this.settingsChanged();
  }

  get grants(): Grants {
    return this.#grants;
  }

  async settingsChanged(): Promise<void> {
    this.#change({ allowed: this.#allowedAs(this.role) });
    await this.#publications.enforce();
  }

  #allowedAs(role: Role): Source[] {
    return this.#info.held ? [] : allowedSources(role, this.#room.settings, this.#grants);
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
      if (!isUnavailable(error)) throw error;
    }
    return this.connection;
  }

  /** Idempotent. Who does not go by itself is told. */
  leave(reason: LeaveReason, by: Moderator | null = null): void {
    if (this.#left) return;
    this.#left = true;
    this.#publications.close();
    this.#media.close();
    if (reason !== 'left') this.tell({ type: 'ended', reason, by });
    this.#room.left(this, reason);
  }

  #change(change: Partial<ParticipantInfo>): void {
    if (this.#left) return;
    const before = this.#info;
    const known = new Map<string, unknown>(Object.entries(before));
    if (Object.entries(change).every(([key, value]) => isSame(known.get(key), value))) return;
    this.#info = { ...before, ...change };
    this.#room.changed(this, before);
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof ConferenceError && error.code === 'media-unavailable';
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
