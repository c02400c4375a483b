/**
 * The signalling contract: every event between a participant (browser or bridge) and the server, with the
 * schema of each payload. Shared by both ends; the client imports the types only.
 *
 * Requests go from participant to server and each is answered by one ack, a `Result`. Everything the server
 * tells on its own goes through one event, `events`: a numbered batch of room events, so that a participant
 * whose socket dropped can ask for what it missed.
 */
import { z } from 'zod';
import type {
  ChatMessage,
  Dial,
  Knock,
  LeaveReason,
  ParticipantId,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  Role,
  RoomInfo,
  SubscriptionId,
  WaitingFor,
} from '../conference/model.ts';
import { roomKinds } from '../conference/settings.ts';
import {
  chatAudience,
  chatText,
  displayName,
  id,
  password,
  reaction,
  roomName,
  source,
} from './contract/primitives.ts';
import { hostRequests } from './contract/rooms.ts';
import { dtlsParameters, rtpCapabilities, rtpParameters } from './contract/rtp.ts';
import type { IceParameters, RtpCapabilities, RtpParameters, TransportParameters } from './contract/rtp.ts';
import type { ContractError, Layers, Moderation, Moderator, Reaction, View } from './contract/words.ts';

export * from './contract/primitives.ts';
export * from './contract/rooms.ts';
export type * from './contract/rtp.ts';
export type * from './contract/words.ts';

/** Bumped when old clients can no longer speak with the server. */
export const CONTRACT_VERSION = 1;

// ---------------------------------------------------------------------------------------------- errors

export type Result<T> = { ok: true; value: T } | { ok: false; error: ContractError };

// -------------------------------------------------------------------------------------------- requests

export const joinRequest = z.strictObject({
  version: z.literal(CONTRACT_VERSION),
  room: roomName,
  name: displayName,
  /** When the room asks for one. Hosts need none. */
  password: password.exactOptional(),
  /** A JWT: who this is, and what role in which rooms. */
  token: z.string().max(8_192).exactOptional(),
  /** From an earlier `JoinAnswer` of this room: whoever has it is host. */
  hostKey: z.string().max(128).exactOptional(),
  /** Made once by each browser and kept there, so that somebody who was put out for good is known again. */
  deviceId: id.exactOptional(),
  /** What a room that is made by this join begins as; of no effect in one that is there. */
  make: z.strictObject({ kind: z.enum(roomKinds) }).exactOptional(),
  /** From an earlier `WaitingAnswer`: to come in after `admitted`, or to keep the place after a dropped socket. */
  knock: z.string().max(128).exactOptional(),
  /**
   * To come back as the same participant after a dropped socket. After the server was gone, as a new one with the role
   * that it had, past the door.
   */
  resume: z
    .strictObject({
      token: z.string().max(128),
      /** The number of the last room event that was received; 0 if none. */
      lastEvent: z.int().min(0),
    })
    .exactOptional(),
});
export type JoinRequest = z.input<typeof joinRequest>;

/** In, at the door, or out: a stay that was to be resumed has ended meanwhile. */
export type JoinAnswer = JoinedAnswer | WaitingAnswer | EndedAnswer;

/** As the event `ended` would have told. To come in as somebody new, join without `resume`. */
export interface EndedAnswer extends Omit<Extract<RoomEvent, { type: 'ended' }>, 'type'> {
  state: 'ended';
}

/**
 * This one waits. `waiting` events follow on the same socket; after `admitted` it joins again with `knock`. The place
 * is kept as long as a participant's when the socket drops.
 */
export interface WaitingAnswer {
  state: 'waiting';
  waitingFor: WaitingFor;
  /** Secret; what the next `join` has as `knock`. */
  knock: string;
  /** When a room with a time lets people in, in ms since the epoch; null for others. */
  opensAt: number | null;
  now: number;
}

/** What one is told who waits. */
export type WaitingEvent =
  /** Join again, now. */
  | { type: 'admitted' }
  /** By a host; knocking again makes sense after so many ms, and is refused before. The socket closes after it. */
  | { type: 'denied'; reason: 'denied'; retryAfterMs: number }
  /** The socket closes after it. */
  | { type: 'denied'; reason: 'room-ended' | 'server-stopping' }
  /** A host writes to those who wait. */
  | { type: 'message'; from: string; text: string; at: number }
  /** Now something else is waited for, as when the host has come but a lobby is there. */
  | { type: 'waitingFor'; waitingFor: WaitingFor; opensAt: number | null };

/** All that a client needs to send and receive media: one round trip from socket to media. */
export interface JoinedAnswer {
  state: 'joined';
  participantId: ParticipantId;
  /** Proves that a later socket is the same participant. Secret. */
  token: string;
  /** True when an earlier participant goes on: missed events follow, and both transports have new ICE parameters. */
  resumed: boolean;
  role: Role;
  /** For whoever is host: the key to be it again after having left. Secret; null for others. */
  hostKey: string | null;
  room: RoomInfo;
  /** Those at the door, in the order in which they came; empty for those who may not let them in. */
  waiting: Knock[];
  /** Calls out of the room that are under way; empty for those who may not invite. */
  dials: Dial[];
  rtpCapabilities: RtpCapabilities;
  transports: { send: TransportParameters; receive: TransportParameters };
  iceServers: IceServer[];
  participants: ParticipantInfo[];
  publications: PublicationInfo[];
  /** The last messages of the room, oldest first. */
  chat: ChatMessage[];
  dominantSpeaker: ParticipantId | null;
  /** Number of the last room event that this answer already contains. */
  lastEvent: number;
  /** The server's clock, in ms since the epoch, to show times relative to it. */
  now: number;
}

export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

const direction = z.enum(['send', 'receive']);
export type Direction = z.infer<typeof direction>;

export const view = z.strictObject({
  videos: z
    .array(
      z.strictObject({
        publicationId: id,
        width: z.int().min(0).max(16_384),
        height: z.int().min(0).max(16_384),
      }),
    )
    .max(100),
  pinned: id.nullable(),
}) satisfies z.ZodType<View>;

/** The schema of every request. The key is the socket.io event. */
export const requests = {
  join: joinRequest,
  /** The client knows what it can receive: subscriptions may begin. May carry the first view. */
  ready: z.strictObject({ rtpCapabilities, view: view.exactOptional() }),
  /** The client's end of a transport, once for each transport. */
  connectTransport: z.strictObject({ direction, dtlsParameters }),
  /** New ICE parameters after a network change. */
  restartIce: z.strictObject({ direction }),
  publish: z.strictObject({
    source,
    rtpParameters,
    muted: z.boolean(),
  }),
  unpublish: z.strictObject({ publicationId: id }),
  setMuted: z.strictObject({ publicationId: id, muted: z.boolean() }),
  view,
  /** The client has built its end of these subscriptions: media may flow. */
  subscriptionsReady: z.strictObject({ subscriptionIds: z.array(id).min(1).max(200) }),
  chat: z.strictObject({
    text: chatText,
    to: chatAudience.default('everyone'),
    replyTo: id.nullable().default(null),
  }),
  /** One's own reaction to a message, set or taken back. */
  reactToMessage: z.strictObject({ messageId: id, reaction, on: z.boolean() }),
  /** What a viewer says to `invited-to-stage`. */
  answerStage: z.strictObject({ accept: z.boolean() }),
  raiseHand: z.strictObject({ raised: z.boolean() }),
  react: z.strictObject({ reaction }),
  rename: z.strictObject({ name: displayName }),
  leave: z.strictObject({}),
  ...hostRequests,
} as const;

export type RequestName = keyof typeof requests;
/** What a client may send. */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]>;
/** What a handler gets after the schema. */
export type Request<N extends RequestName> = z.output<(typeof requests)[N]>;

/** What each request is answered with when it succeeds. */
export interface Answers {
  join: JoinAnswer;
  ready: Record<never, never>;
  connectTransport: Record<never, never>;
  restartIce: { iceParameters: IceParameters };
  /** `muted`: as it begins. Where everybody comes in quietly that is so whatever was asked for; `setMuted` ends it. */
  publish: { publicationId: PublicationId; muted: boolean };
  unpublish: Record<never, never>;
  setMuted: Record<never, never>;
  view: Record<never, never>;
  subscriptionsReady: Record<never, never>;
  chat: { message: ChatMessage };
  reactToMessage: Record<never, never>;
  answerStage: Record<never, never>;
  raiseHand: Record<never, never>;
  react: Record<never, never>;
  rename: Record<never, never>;
  leave: Record<never, never>;
  moderate: Record<never, never>;
  remove: Record<never, never>;
  ban: Record<never, never>;
  renameOther: Record<never, never>;
  setRole: Record<never, never>;
  spotlight: Record<never, never>;
  admit: Record<never, never>;
  deny: Record<never, never>;
  writeToWaiting: Record<never, never>;
  changeRoom: { room: RoomInfo };
  endRoom: Record<never, never>;
  callOut: { dial: Dial };
  cancelCallOut: Record<never, never>;
  exportChat: { text: string };
  exportAttendance: { csv: string };
}

// ----------------------------------------------------------------------------------------- room events

/** One subscription as its receiver sees it. */
export interface SubscriptionInfo {
  id: SubscriptionId;
  publicationId: PublicationId;
  participantId: ParticipantId;
  kind: 'audio' | 'video';
  rtpParameters: RtpParameters;
}

/** What happens in a room, as told to one participant. */
export type RoomEvent =
  | { type: 'participantJoined'; participant: ParticipantInfo }
  | { type: 'participantLeft'; participantId: ParticipantId; reason: LeaveReason }
  /** Anything of the participant's info is new: name, role, hand, quality, connected, what is allowed. */
  | { type: 'participantChanged'; participant: ParticipantInfo }
  | { type: 'publicationAdded'; publication: PublicationInfo }
  | { type: 'publicationChanged'; publication: PublicationInfo }
  /**
   * An own publication only when somebody else has ended it: it is not published again. What `mediaReset` takes
   * away is not told one by one to whom it belonged.
   */
  | { type: 'publicationRemoved'; publicationId: PublicationId }
  /** The client builds its end and answers with `subscriptionsReady`. */
  | { type: 'subscriptionOpened'; subscription: SubscriptionInfo }
  | { type: 'subscriptionClosed'; subscriptionId: SubscriptionId }
  /** The server forwards or holds back this subscription's media; a held one may come back at once. */
  | { type: 'subscriptionPaused'; subscriptionId: SubscriptionId; paused: boolean }
  /** The layers that are forwarded now; null when bandwidth allows none. */
  | { type: 'subscriptionLayers'; subscriptionId: SubscriptionId; layers: Layers | null }
  /** Null after a while of silence. */
  | { type: 'dominantSpeaker'; participantId: ParticipantId | null }
  /** To those whom it is for, and to the writer. */
  | { type: 'chatMessage'; message: ChatMessage }
  /** Reactions to it are new. */
  | { type: 'chatMessageChanged'; message: ChatMessage }
  /** Settings, password, spotlight. */
  | { type: 'roomChanged'; room: RoomInfo }
  /** To those who may let people in: all who wait, in order. */
  | { type: 'waitingChanged'; waiting: Knock[] }
  /** To those who may invite: how a call out of the room goes. One that has ended is told once. */
  | { type: 'dialChanged'; dial: Dial }
  /** To the one concerned. */
  | { type: 'moderated'; moderation: Moderation; by: Moderator }
  /** To one who has become host: the key to be it again. */
  | { type: 'hostKey'; hostKey: string }
  /** To those who may moderate: a viewer whom one of them has invited to the stage keeps watching. */
  | { type: 'stageDeclined'; participantId: ParticipantId }
  | { type: 'reaction'; participantId: ParticipantId; reaction: Reaction }
  /**
   * The worker behind this participant was lost and replaced, or a DTLS handshake has failed: both transports are new, all that was
   * published or subscribed over the old ones is gone; build them, say `ready` and publish again.
   */
  | { type: 'mediaReset'; rtpCapabilities: RtpCapabilities; transports: JoinedAnswer['transports'] }
  /** The server will stop; rooms end at the deadline, in ms since the epoch. */
  | { type: 'serverDraining'; deadline: number }
  /** This participant is out of the room; the socket closes after it. */
  | { type: 'ended'; reason: LeaveReason; by: Moderator | null };

/** A batch of room events; the first has the number `first`, the others follow without a gap. */
export interface EventBatch {
  first: number;
  events: RoomEvent[];
}

// --------------------------------------------------------------------------------------- socket.io maps

export type ClientToServerEvents = {
  [N in RequestName]: (payload: RequestInput<N>, ack: (result: Result<Answers[N]>) => void) => void;
};

export interface ServerToClientEvents {
  events: (batch: EventBatch) => void;
  /** To those at the door. */
  waiting: (event: WaitingEvent) => void;
}
