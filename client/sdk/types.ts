/**
 * The public face of the headless room client: what an app sees of a room, and what it may ask for.
 * No framework; state is an immutable snapshot with a change listener, as `useSyncExternalStore` likes it.
 */
import type {
  ChatMessage,
  ErrorCode,
  Layers,
  LeaveReason,
  ParticipantId,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  Reaction,
  Role,
  Source,
  View,
} from '../../server/signalling/contract/words.ts';

export type {
  ChatMessage,
  ErrorCode,
  Layers,
  LeaveReason,
  ParticipantId,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  Reaction,
  Role,
  Source,
  View,
};

export interface RoomClientOptions {
  /** Where the server is, for example `https://meet.example.org/base/`. A page served by it gives its own base. */
  serverUrl: string;
  room: string;
  /** The participant's display name. */
  name: string;
}

/** Where a client is in its life. `ended` is final. */
export type RoomPhase = 'idle' | 'joining' | 'joined' | 'reconnecting' | 'ended';

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
   * Why the phase is `ended`: the reason to leave, or the error that kept this client out. Never
   * `server-stopping`: such a client goes on as `reconnecting`, for a server that is started again.
   */
  ended: { reason: LeaveReason } | { error: RoomError } | null;
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
}

/** Things that happen once and leave no trace in the state. */
export interface RoomClientEvents {
  reaction: { participantId: ParticipantId; reaction: Reaction };
  chatMessage: ChatMessage;
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

  /** Resolves when joined. Later drops are repaired in the background. @throws RoomError */
  join(): Promise<void>;
  /** Ends the client. Tracks that the app gave stay the app's; they are not stopped. */
  leave(): Promise<void>;

  /**
   * Sends a track as the given source; a second call for the same source replaces the track, and keeps it muted
   * if it was. Before the room is joined, and while the connection is away, the wish is kept and the promise
   * resolves at once; else it resolves when the server has taken it. Published again by itself after a
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

  sendChat(text: string): Promise<void>;
  raiseHand(raised: boolean): Promise<void>;
  react(reaction: Reaction): Promise<void>;
  rename(name: string): Promise<void>;
  stats(): Promise<RoomStats>;
}
