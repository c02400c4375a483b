/**
 * The public face of the headless room client: what an app sees of a room, and what it may ask for.
 * No framework; state is an immutable snapshot with a change listener, as `useSyncExternalStore` likes it.
 */
import type {
  ChatAudience,
  ChatMessage,
  Dial,
  ErrorCode,
  Knock,
  Layers,
  LeaveReason,
  Moderation,
  Moderator,
  ParticipantId,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  Reaction,
  Role,
  RoomInfo,
  RoomKind,
  Source,
  View,
  WaitingFor,
} from '../../server/signalling/contract/words.ts';
import type { Host } from './host.ts';

export type {
  ChatAudience,
  ChatMessage,
  ChatReach,
  Dial,
  DialIn,
  DialState,
  ErrorCode,
  Knock,
  KnockId,
  Layers,
  LeaveReason,
  Moderation,
  Moderator,
  ParticipantId,
  ParticipantInfo,
  Power,
  PublicationId,
  PublicationInfo,
  Reaction,
  Role,
  RoomInfo,
  RoomKind,
  RoomSettings,
  Source,
  Succession,
  View,
  WaitingFor,
} from '../../server/signalling/contract/words.ts';
export type { Host, Knocks, RoomChange, Target } from './host.ts';

export interface RoomClientOptions {
  /** Where the server is, for example `https://meet.example.org/base/`. A page served by it gives its own base. */
  serverUrl: string;
  room: string;
  /** The participant's display name. */
  name: string;
  /** When the room asks for one. */
  password?: string;
  /**
   * A JWT: who this is, and what role in which rooms. A function is asked for each join, later ones included, so that
   * a token may be short-lived; null for none.
   */
  token?: string | (() => Promise<string | null>);
  /** From an earlier `hostKey` event of this room: whoever has it is host. Keeping it is the app's affair. */
  hostKey?: string;
  /** Made once by the app and kept, 1 to 64 characters: somebody who was put out for good is known by it. */
  deviceId?: string;
  /** What a room that is made by this join begins as; of no effect in one that is there. */
  make?: { kind: RoomKind };
}

/**
 * Where a client is in its life. `waiting`: at the door, until it is let in or turned away. `reconnecting`: to the
 * room, or to the door while `RoomState.waiting` is there. `ended` is final.
 */
export type RoomPhase = 'idle' | 'joining' | 'waiting' | 'joined' | 'reconnecting' | 'ended';

/** What somebody at the door knows. */
export interface Waiting {
  waitingFor: WaitingFor;
  /** When a room with a time lets people in, in ms since the epoch by the server's clock; null for others. */
  opensAt: number | null;
  /** What hosts have written to those who wait, oldest first. */
  messages: readonly { from: string; text: string; at: number }[];
}

/** How media travels, for the message that a blocked network deserves. */
export type MediaPath =
  | { state: 'new' | 'connecting' | 'connected' }
  /** ICE failed over all that was tried, for example `['udp 203.0.113.7:40000', 'tcp 203.0.113.7:40000']`. */
  | { state: 'failed'; tried: readonly string[] };

/** A publication as this client knows it. */
export interface RoomPublication extends PublicationInfo {
  /**
   * The received (or own, sent) track; null while nothing is received. Its `enabled` is the client's: what is muted
   * or held back makes no sound.
   */
  track: MediaStreamTrack | null;
  /** True when the server holds the media back at the moment (not shown, or no bandwidth). */
  paused: boolean;
  /** What is forwarded now, for simulcast video. */
  layers: Layers | null;
}

/** One immutable picture of the room. A new object for every change; unchanged parts keep their identity. */
export interface RoomState {
  phase: RoomPhase;
  /** Counts reconnection attempts since the socket dropped; 0 while connected. */
  attempt: number;
  /**
   * Why the phase is `ended`: the reason to leave and who brought it about, or the error that kept this client
   * out. Never `server-stopping`: such a client goes on as `reconnecting`, for a server that is started again.
   */
  ended: { reason: LeaveReason; by: Moderator | null } | { error: RoomError } | null;
  /** While this client waits at the door; null before and after. */
  waiting: Waiting | null;
  /** The room and how it is run; null before the first join. */
  room: RoomInfo | null;
  /** Those at the door, in the order in which they came; empty for those who may not let them in. */
  knocks: readonly Knock[];
  /**
   * Calls out of the room, as those know them who may invite: under way, and the last that have ended; in the order in which
   * they were begun.
   */
  dials: readonly Dial[];
  /** This client's participant; null before the first join. */
  self: { participantId: ParticipantId; role: Role } | null;
  /** Everybody in the room, oneself included, in the order of joining. */
  participants: readonly ParticipantInfo[];
  publications: readonly RoomPublication[];
  dominantSpeaker: ParticipantId | null;
  /** Oldest first. */
  chat: readonly ChatMessage[];
  send: MediaPath;
  receive: MediaPath;
  /** When the server will stop, in ms since the epoch; null in normal times. */
  drainingUntil: number | null;
  /** How far the server's clock is ahead of this one, in ms: all times in the state are the server's. */
  clockOffsetMs: number;
}

/** Things that happen once and leave no trace in the state. */
export interface RoomClientEvents {
  reaction: { participantId: ParticipantId; reaction: Reaction };
  chatMessage: ChatMessage;
  /**
   * A host has done something to this participant. What it means for media has been done by then: what was muted
   * is muted, what was stopped is no longer published.
   */
  moderated: { moderation: Moderation; by: Moderator };
  /** To those who may moderate: a viewer whom one of them has invited to the stage keeps watching. */
  stageDeclined: { participantId: ParticipantId };
  /** This participant is host, and is host again in a later client that has this key. Secret. */
  hostKey: string;
  /** Something failed in the background; the client goes on. */
  error: RoomError;
}

/** A failure with a stable code: one of the contract's, or one of the client's own. */
export type RoomErrorCode =
  | ErrorCode
  /** The server does not answer. */
  | 'unreachable'
  /** No ack in time. */
  | 'timeout'
  /** The browser has no WebRTC, or none that this client can use. */
  | 'unsupported-browser'
  /** The call needs a joined room. */
  | 'wrong-phase';

export interface RoomError extends Error {
  readonly code: RoomErrorCode;
  /** When trying again makes sense, in ms from then. */
  readonly retryAfterMs?: number;
}

/** One stream's figures over the last interval. */
export interface StreamStats {
  publicationId: PublicationId;
  direction: 'send' | 'receive';
  kind: 'audio' | 'video';
  codec: string | null;
  /** Bits per second. */
  bitrate: number;
  /** Share of packets lost, 0 to 1. */
  loss: number;
  /** Round trip time in ms; null when not known. */
  rttMs: number | null;
  jitterMs: number | null;
  width: number | null;
  height: number | null;
  framesPerSecond: number | null;
  layers: Layers | null;
}

export interface RoomStats {
  /** ms since the epoch. */
  at: number;
  streams: readonly StreamStats[];
  /** Round trip time of the transport in ms; null before it is known. */
  rttMs: number | null;
  /** What the browser thinks it can send, bits per second. */
  availableSendBitrate: number | null;
  /** `udp` or `tcp`, `relay` when a TURN server is in between. */
  protocol: string | null;
}

/** A participant in a room, without a user interface. */
export interface RoomClient {
  readonly state: RoomState;
  /** Calls back after every change of `state`; returns the function that ends it. */
  subscribe(listener: () => void): () => void;
  on<E extends keyof RoomClientEvents>(event: E, listener: (value: RoomClientEvents[E]) => void): () => void;

  /** What hosts do; each is refused to who lacks the power. */
  readonly host: Host;

  /**
   * Resolves when the client is in (`phase` is `joined`) or has to wait at the door (`waiting`): from there it goes in
   * by itself as soon as it is let in. Later drops are repaired in the background, and keep the place at the door as
   * well. @throws RoomError
   */
  join(): Promise<void>;
  /** Ends the client. Tracks that the app gave stay the app's; they are not stopped. */
  leave(): Promise<void>;

  /**
   * Sends a track as the given source; a second call for the same source replaces the track, and keeps it muted
   * if it was. Before the room is joined, and while the connection or the media worker is away, the wish is kept and
   * the promise resolves at once; else it resolves when the server has taken it. Published again by itself after a
   * reconnection or a lost worker. A track that ends, because the device was unplugged or the browser's bar says
   * stop, is unpublished. While it is published, its `enabled` is the client's. @throws RoomError
   */
  publish(source: Source, track: MediaStreamTrack, options?: { muted?: boolean }): Promise<void>;
  /** Stops sending at once. Nothing happens when nothing is published. @throws RoomError */
  unpublish(source: Source): Promise<void>;
  /** Mutes at once on this side, then in the room. @throws RoomError `unknown-publication` when nothing is published */
  setMuted(source: Source, muted: boolean): Promise<void>;

  /**
   * What is on display. Throttled and batched; call it as often as the layout changes. Called by a listener as soon as the
   * phase is `joined`, it travels with the wish to receive, and pictures come without another round trip.
   */
  setView(view: View): void;

  sendChat(text: string, options?: { to?: ChatAudience; replyTo?: string | null }): Promise<void>;
  /** One's own reaction to a message, set or taken back. */
  reactToMessage(messageId: string, reaction: Reaction, on: boolean): Promise<void>;
  /** What a viewer says to `invited-to-stage`. */
  answerStage(accept: boolean): Promise<void>;
  raiseHand(raised: boolean): Promise<void>;
  react(reaction: Reaction): Promise<void>;
  rename(name: string): Promise<void>;
  stats(): Promise<RoomStats>;
}
