/**
 * What the conference needs of the world, declared by the one who needs it: media (implemented by `sfu/`),
 * lasting memory (`store/`) and time. The RTP dictionaries pass through unread, hence the type parameters'
 * place is taken by the wire types, imported as types only.
 */
import type {
  DtlsParameters,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
  TransportParameters,
} from '../signalling/contract/rtp.ts';
import type { BridgeLink } from '../signalling/contract/bridge-words.ts';
import type { Layers, SubscriptionInfo, View } from '../signalling/contract.ts';
import type { RoomSettings } from './settings.ts';
import type {
  Attendance,
  ChatMessage,
  ConnectionQuality,
  LeaveReason,
  ParticipantId,
  ParticipantInfo,
  PublicationId,
  Role,
  RoomName,
  Source,
  SubscriptionId,
} from './model.ts';

/** Media for rooms. */
export interface Media {
  /**
   * Opens the media side of a room on the least loaded worker.
   * @throws ConferenceError `media-unavailable` when no worker is there.
   */
  openRoom(room: RoomName, events: MediaEvents): Promise<MediaRoom>;
}

/** What the media side tells its room. Called in order, never re-entrantly from within a call into `MediaRoom`. */
export interface MediaEvents {
  subscriptionOpened(to: ParticipantId, subscription: SubscriptionInfo): void;
  subscriptionClosed(to: ParticipantId, subscriptionId: SubscriptionId): void;
  subscriptionPaused(to: ParticipantId, subscriptionId: SubscriptionId, paused: boolean): void;
  subscriptionLayers(to: ParticipantId, subscriptionId: SubscriptionId, layers: Layers | null): void;
  dominantSpeaker(participantId: ParticipantId | null): void;
  quality(participantId: ParticipantId, quality: ConnectionQuality): void;
  /** The participant's worker was lost; it is on another one now, its publications are closed. */
  reset(participantId: ParticipantId, connection: MediaConnection): void;
}

export interface MediaRoom {
  /** Makes both transports. @throws ConferenceError `media-unavailable` when no worker is there. */
  connect(participantId: ParticipantId): Promise<MediaParticipant>;
  /** Opens the way between the room and a bridge. @throws ConferenceError `media-unavailable` when no worker is there. */
  connectBridge(events: BridgeEvents): Promise<MediaBridge>;
  /** Idempotent; closes everything in the room. */
  close(): void;
}

/** What a client needs to build its transports. */
export interface MediaConnection {
  rtpCapabilities: RtpCapabilities;
  transports: { send: TransportParameters; receive: TransportParameters };
}

/** One participant's media. Survives a lost worker: `connection` then gives the new transports. */
export interface MediaParticipant {
  readonly connection: MediaConnection;
  /** @throws ConferenceError `unsupported-media` when the transport refuses the parameters or is connected already. */
  connectTransport(direction: 'send' | 'receive', dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(direction: 'send' | 'receive'): Promise<IceParameters>;
  /** What the participant can receive; subscriptions begin with it. */
  setCapabilities(rtpCapabilities: RtpCapabilities): void;
  /** @throws ConferenceError `unsupported-media` when mediasoup refuses the parameters. */
  publish(publication: {
    id: PublicationId;
    source: Source;
    rtpParameters: RtpParameters;
    muted: boolean;
  }): Promise<MediaPublication>;
  /** Desired state; the media side reconciles in the background. */
  setView(view: View): void;
  /** @throws ConferenceError `unknown-subscription` for an id that was never this participant's; closed ones are ignored. */
  subscriptionsReady(subscriptionIds: readonly SubscriptionId[]): Promise<void>;
  /** Idempotent. */
  close(): void;
}

export interface MediaPublication {
  setMuted(muted: boolean): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** RTP and RTCP, on one port, between a room and a bridge: the voices of its callers in, the room's out. */
export interface MediaBridge {
  /** Another one after `reset`. */
  readonly link: BridgeLink;
  /** How many voices, the loudest, anybody in the room receives. */
  readonly loudest: number;
  /** A caller's voice. @throws ConferenceError `media-unavailable` when its worker is lost. */
  publish(
    caller: ParticipantId,
    publication: { id: PublicationId; muted: boolean },
  ): Promise<CallerPublication>;
  /** Idempotent; ends its callers' publications. */
  close(): void;
}

export interface CallerPublication extends MediaPublication {
  /** That the bridge sends it with. */
  readonly ssrc: number;
}

/** What the media side tells of a bridge. Called in order, never re-entrantly. */
export interface BridgeEvents {
  /** A voice of the room, of none of the bridge's own callers, comes as this SSRC; it may come and go with speech. */
  voiceOpened(ssrc: number): void;
  voiceClosed(ssrc: number): void;
  /** The worker was lost: publications and voices are gone, the link is another. */
  reset(link: BridgeLink): void;
}

/** What is remembered of a room: of a lasting one always, of any other for as long as it lives. */
export interface RoomRecord {
  name: RoomName;
  /** Digits only, the first is not 0. */
  number: string;
  pin: string | null;
  settings: RoomSettings;
  /** As `Secrets` made it; null for a room without a password. */
  passwordHash: string | null;
  /** Of the keys with which somebody is host, oldest first. */
  hostKeyHashes: readonly string[];
  bans: readonly Ban[];
  lasting: boolean;
  /** Ms since the epoch; null for a room without a time. */
  startsAt: number | null;
  /** Ms since the epoch. */
  createdAt: number;
  /** When the first came in, in ms since the epoch; null while nobody is there. A killed server leaves it. */
  openedAt: number | null;
}

/** Somebody who was put out for as long as the room lasts, as far as they can be known again. */
export interface Ban {
  subject: string | null;
  deviceId: string | null;
  address: string;
}

/** What outlives the process. Every method returns after the data is safe on disk. */
export interface Store {
  readonly rooms: RoomStore;
  readonly chat: ChatStore;
  readonly attendance: AttendanceStore;
  /** Forgets what does not outlast the room: its bans, its chat unless that is kept, and all of one that is not lasting. */
  roomEnded(room: RoomName): void;
}

export interface RoomStore {
  /** Gives it a number of its own. @throws Error when the name is taken */
  create(room: Omit<RoomRecord, 'number'>): RoomRecord;
  find(name: RoomName): RoomRecord | null;
  findByNumber(number: string): RoomRecord | null;
  /** By name. */
  lasting(): RoomRecord[];
  /** Puts it in the place of the record of that name. */
  save(room: RoomRecord): void;
  /** @returns false when there is no such room */
  remove(name: RoomName): boolean;
}

/** Who reads a chat: decides what of it there is to see. */
export interface ChatReader {
  /** Null for whoever runs the server. */
  participantId: ParticipantId | null;
  seesAsHost: boolean;
  /** Of what was written before, in ms since the epoch, there is nothing to see. */
  since: number;
}

export interface ChatStore {
  add(room: RoomName, message: ChatMessage): void;
  /** With these reactions from now on. */
  setReactions(messageId: string, reactions: ChatMessage['reactions']): void;
  find(room: RoomName, messageId: string, reader: ChatReader): ChatMessage | null;
  /** The last `limit` that the reader may see, oldest first. */
  last(room: RoomName, reader: ChatReader, limit: number): ChatMessage[];
}

export interface AttendanceStore {
  /** @param passHash of what the participant can prove that it was there with */
  add(room: RoomName, attendance: Attendance, passHash: string): void;
  /** What has become of a stay that was added. */
  save(attendance: Attendance): void;
  /** It was the server that went away, not the participant, who may come back. */
  cutOff(participantId: ParticipantId): void;
  /** The stays, from `from` on in ms since the epoch, that the server cut off and nobody has taken back. */
  cutOffStays(room: RoomName, from: number): Attendance[];
  /** That of them that the pass belongs to; null when there is none. */
  findCutOff(room: RoomName, passHash: string, from: number): Attendance | null;
  /**
   * The stay, from `from` on in ms since the epoch, that the server cut off and the pass belongs to; null when there is
   * none. It can be taken back once.
   */
  takeBack(room: RoomName, passHash: string, from: number): Attendance | null;
  /** Those who came at `from` or later, in ms since the epoch, in the order of coming. */
  since(room: RoomName, from: number): Attendance[];
}

/** What must not be guessed, or kept as it is. */
export interface Secrets {
  /** At least 126 bits from the system's generator, in letters, digits, `-` and `_`. */
  newKey(): string;
  /** Of a key that nobody can guess: quick, and the same for the same key. */
  hashKey(key: string): string;
  /** Of a password, which people choose: slow, and another each time. */
  hashPassword(password: string): Promise<string>;
  /** Takes as long for a wrong password as for the right one. */
  isPassword(password: string, hash: string): Promise<boolean>;
}

/** Who wants to know what happens in all rooms: the log, and whoever has to be told elsewhere. Must not throw. */
export interface Observer {
  roomOpened(room: RoomName): void;
  roomEnded(room: RoomName): void;
  participantJoined(room: RoomName, participant: ParticipantInfo): void;
  participantLeft(room: RoomName, participant: ParticipantInfo, reason: LeaveReason): void;
  handRaised(room: RoomName, participant: ParticipantInfo): void;
}

/** Who somebody proved to be, by a token; the default is nobody in particular. */
export interface Identity {
  /** The same person at the same voucher; null for nobody in particular. */
  subject: string | null;
  /** Null leaves it to what they typed. */
  name: string | null;
  /** An https URL. */
  avatar: string | null;
  /** In the room that is asked for; null leaves it to the room. */
  role: Role | null;
  mayMakeRooms: boolean;
}

/**
 * Says who somebody is who asks for this room, by the token they bring.
 * @throws ConferenceError `token-required` when this server lets in token holders only, `token-refused` for a token that
 *   is not to be trusted or not for this room; the message says why
 */
export type Identify = (token: string | undefined, room: RoomName) => Promise<Identity>;

/** Time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. Whoever runs the machine may set it, forwards and backwards. */
  now(): number;
  /** Milliseconds of a clock that nobody sets: for how long something has lasted. */
  elapsed(): number;
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}
