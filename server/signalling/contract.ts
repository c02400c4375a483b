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
  LeaveReason,
  ParticipantId,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  Role,
  SubscriptionId,
} from '../conference/model.ts';
import { dtlsParameters, rtpCapabilities, rtpParameters } from './contract/rtp.ts';
import type { IceParameters, RtpCapabilities, RtpParameters, TransportParameters } from './contract/rtp.ts';
import { reactions } from './contract/words.ts';
import type { ContractError, Layers, Reaction, View } from './contract/words.ts';

export type * from './contract/rtp.ts';
export type * from './contract/words.ts';

/** Bumped when old clients can no longer speak with the server. */
export const CONTRACT_VERSION = 1;

// ---------------------------------------------------------------------------------------------- errors

export type Result<T> = { ok: true; value: T } | { ok: false; error: ContractError };

// ------------------------------------------------------------------------------------------- primitives

/** Letters, digits and `._~-`, at most 64; compared after `normalizeRoomName`. */
export const roomName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._~-]*$/u);

/** Rooms are the same whatever the case or the Unicode composition that somebody typed. */
export const normalizeRoomName = (name: string): string => name.normalize('NFC').toLowerCase();

/** 1 to 64 characters after trimming, without control characters. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);

const id = z.string().min(1).max(64);

export const reaction = z.enum(reactions);

// -------------------------------------------------------------------------------------------- requests

export const joinRequest = z.strictObject({
  version: z.literal(CONTRACT_VERSION),
  room: roomName,
  name: displayName,
  kind: z.enum(['browser', 'phone']).default('browser'),
  /** To come back as the same participant after a dropped socket. */
  resume: z
    .strictObject({
      token: z.string().max(128),
      /** The number of the last room event that was received; 0 if none. */
      lastEvent: z.int().min(0),
    })
    .exactOptional(),
});
export type JoinRequest = z.input<typeof joinRequest>;

/** All that a client needs to send and receive media: one round trip from socket to media. */
export interface JoinAnswer {
  participantId: ParticipantId;
  /** Proves that a later socket is the same participant. Secret. */
  token: string;
  /** True when an earlier participant goes on: missed events follow, and both transports have new ICE parameters. */
  resumed: boolean;
  role: Role;
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
    source: z.enum(['microphone', 'camera', 'screen', 'screenAudio']),
    rtpParameters,
    muted: z.boolean(),
  }),
  unpublish: z.strictObject({ publicationId: id }),
  setMuted: z.strictObject({ publicationId: id, muted: z.boolean() }),
  view,
  /** The client has built its end of these subscriptions: media may flow. */
  subscriptionsReady: z.strictObject({ subscriptionIds: z.array(id).min(1).max(200) }),
  chat: z.strictObject({ text: z.string().trim().min(1).max(4_000) }),
  raiseHand: z.strictObject({ raised: z.boolean() }),
  react: z.strictObject({ reaction }),
  rename: z.strictObject({ name: displayName }),
  leave: z.strictObject({}),
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
  publish: { publicationId: PublicationId };
  unpublish: Record<never, never>;
  setMuted: Record<never, never>;
  view: Record<never, never>;
  subscriptionsReady: Record<never, never>;
  chat: { message: ChatMessage };
  raiseHand: Record<never, never>;
  react: Record<never, never>;
  rename: Record<never, never>;
  leave: Record<never, never>;
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
  /** Anything of the participant's info is new: name, role, hand, quality, connected. */
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
  | { type: 'chatMessage'; message: ChatMessage }
  | { type: 'reaction'; participantId: ParticipantId; reaction: Reaction }
  /**
   * The worker behind this participant was lost and replaced: both transports are new, all that was
   * published or subscribed over the old ones is gone; build them, say `ready` and publish again.
   */
  | { type: 'mediaReset'; rtpCapabilities: RtpCapabilities; transports: JoinAnswer['transports'] }
  /** The server will stop; rooms end at the deadline, in ms since the epoch. */
  | { type: 'serverDraining'; deadline: number }
  /** This participant is out of the room; the socket closes after it. */
  | { type: 'ended'; reason: LeaveReason };

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
}
