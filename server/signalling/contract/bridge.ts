/**
 * What bridges and the server say to each other, in the socket.io namespace `/bridge`. A bridge proves itself by the
 * secret that both were given. One socket carries all its calls; when it is gone, so are its callers.
 *
 * Requests go from bridge to server and each is answered by one ack, a `Result`, as participants' are. What the
 * server tells on its own is `call`, about one call, and `room`, about the media of one room.
 */
import { z } from 'zod';
import { dialStates } from '../../conference/model.ts';
import type { ParticipantId } from '../../conference/model.ts';
import type { BridgeLink } from './bridge-words.ts';
import { chatText, displayName, id, roomName } from './primitives.ts';
import type { ContractError, Moderation, Moderator, WaitingFor } from './words.ts';

export type * from './bridge-words.ts';

/** Bumped when old bridges can no longer speak with the server. */
export const BRIDGE_VERSION = 2;

/** As a phone dials or shows it: digits, letters, and what SIP URIs have. */
const address = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\s\p{C}<>"]+$/u);

export const trunkName = z.string().min(1).max(64);

/** `connected` is as well as can be for a trunk that does not register. */
export const trunkStates = ['registered', 'connected', 'connecting', 'failed'] as const;

export const trunkState = z.strictObject({
  name: trunkName,
  state: z.enum(trunkStates),
  /** Where it is connected to, without credentials; null while it is not. */
  uri: z.string().max(256).nullable().default(null),
  /** Why it is not well, for people; null while it is. */
  reason: z.string().max(256).nullable(),
  /** Calls over it now. */
  calls: z.int().min(0),
});

export type TrunkState = z.output<typeof trunkState>;

/** How much a bridge has to do, over the last ten seconds. */
export const bridgeLoad = z.strictObject({
  /** Part of one core that its media takes. */
  cpu: z.number().min(0),
  /** How late the mixer's ticks of 20 ms began. */
  latenessP50Ms: z.number().min(0),
  latenessP99Ms: z.number().min(0),
  /** Whether it takes no more calls. */
  refusing: z.boolean(),
});

export type BridgeLoad = z.output<typeof bridgeLoad>;

/** Digits that a caller keys in. */
const digits = z.string().regex(/^\d{1,32}$/);

const wholeCount = z.int().min(0);
const instant = z.int().min(0);

/** Whose doing the end of a call was; `nobody`: it ended as calls should. */
export const faults = ['nobody', 'caller', 'phone', 'trunk', 'bridge', 'room'] as const;

/** One call, kept after its end. Times in ms since the epoch. */
export const callRecord = z.strictObject({
  callId: id,
  direction: z.enum(['inbound', 'outbound']),
  trunk: trunkName,
  /** Number or SIP user of the far end; null if withheld. */
  number: address.nullable(),
  name: displayName.nullable(),
  /** The number that was dialled; null if the PBX does not tell. */
  called: address.nullable(),
  /** The last that the caller was in, or wanted to get into; the bridge knows of the first only. */
  room: roomName.nullable(),
  startedAt: instant,
  /** Null if it never was. */
  answeredAt: instant.nullable(),
  endedAt: instant,
  /** In the bridge's words, such as `hung-up`, `pin-wrong`, `busy`. */
  reason: z.string().regex(/^[a-z-]{1,32}$/),
  fault: z.enum(faults),
  sipStatus: z.int().min(100).max(699).nullable(),
  /** PINs that were wrong. */
  failedPins: wholeCount,
  /** How its media was carried: plain, sdes or dtls. */
  leg: z.string().max(16).nullable(),
  codec: z.string().max(16).nullable(),
  packetsReceived: wholeCount,
  packetsLost: wholeCount,
  jitterMs: z.number().min(0),
});
export type CallRecord = z.output<typeof callRecord>;
/** What is known of a call from its beginning on. */
export type StartedCall = Pick<CallRecord, 'callId' | 'direction' | 'trunk' | 'number' | 'name' | 'called'>;

/** The schema of every request of a bridge. The key is the socket.io event. */
export const bridgeRequests = {
  /** First of all, and whenever it is another. */
  hello: z.strictObject({
    version: z.literal(BRIDGE_VERSION),
    trunks: z.array(trunkState).max(64),
    /** Whether it may call out of rooms. */
    callsOut: z.boolean(),
  }),
  /** Every few seconds. */
  load: bridgeLoad,
  /** A caller wants in; asked again with a PIN, or with what they waited for. */
  enter: z.strictObject({
    callId: id,
    trunk: trunkName,
    /** Number or SIP user of the caller; null if withheld. */
    number: address.nullable(),
    /** As the caller's phone, or the PBX, says. */
    name: displayName.nullable(),
    /** The number that was dialled; null if the PBX does not tell. */
    called: address.nullable(),
    /** Where to: by what was keyed in or stands for the dialled number, or to where the room has called. */
    to: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('number'), number: digits, pin: digits.nullable() }),
      z.strictObject({ by: z.literal('invitation'), dialId: id }),
    ]),
  }),
  /** The caller is out: of the room, or of the door's queue. */
  leave: z.strictObject({ callId: id }),
  setMuted: z.strictObject({ callId: id, muted: z.boolean() }),
  raiseHand: z.strictObject({ callId: id, raised: z.boolean() }),
  /** A SIP MESSAGE of the caller. */
  chat: z.strictObject({ callId: id, text: chatText }),
  /** How an outbound call goes. `answered` is told by `enter`. */
  dialProgress: z.strictObject({
    dialId: id,
    state: z.enum(dialStates).exclude(['dialling', 'answered']),
  }),
  /** The call has ended. Told once for every call, also for one that never came into a room; of a flood that is refused, a part. */
  record: callRecord,
} as const;

export type BridgeRequestName = keyof typeof bridgeRequests;
export type BridgeRequestInput<N extends BridgeRequestName> = z.input<(typeof bridgeRequests)[N]>;
export type BridgeRequest<N extends BridgeRequestName> = z.output<(typeof bridgeRequests)[N]>;

/** What the door says to a caller. */
export type EnterAnswer =
  | { state: 'unknown-room' }
  | { state: 'pin-needed' }
  /** `triesLeft` counts this caller's earlier calls too. */
  | { state: 'pin-wrong'; triesLeft: number }
  | { state: 'refused'; reason: CallerRefusal }
  | { state: 'waiting'; waitingFor: WaitingFor }
  | ({ state: 'joined' } & CallerInRoom);

/** Why a caller does not get in, or is out. `draining`: the room is at a server that was taken over, or opens no more. */
export type CallerRefusal =
  'denied' | 'full' | 'locked' | 'removed' | 'room-ended' | 'draining' | 'unavailable';

export interface CallerInRoom {
  participantId: ParticipantId;
  room: string;
  /** Where the room's media is; the same for all calls of this bridge in it. */
  link: BridgeLink;
  /** Voices that come over the link already. */
  voices: readonly number[];
  /** How many of the bridge's voices the room takes, the loudest; 0 while nobody else is there to hear them. */
  wantedVoices: number;
  /** What the caller's voice is sent with; null for one who may only listen. */
  ssrc: number | null;
  muted: boolean;
  mayUnmute: boolean;
  /** People in the room, this one included. */
  count: number;
}

/** What each request is answered with when it succeeds. */
export interface BridgeAnswers {
  hello: Record<never, never>;
  load: Record<never, never>;
  enter: EnterAnswer;
  leave: Record<never, never>;
  setMuted: Record<never, never>;
  raiseHand: Record<never, never>;
  chat: Record<never, never>;
  dialProgress: Record<never, never>;
  record: Record<never, never>;
}

/** What one caller's bridge is told of them. */
export type CallEvent =
  /** Let in, after having waited. */
  | ({ type: 'joined' } & CallerInRoom)
  | { type: 'waiting'; waitingFor: WaitingFor }
  /** Not let in, or out again. */
  | { type: 'refused'; reason: CallerRefusal }
  /** What is so now, by somebody else's doing. */
  | { type: 'microphone'; muted: boolean; mayUnmute: boolean }
  /** What a host has done; `microphone` tells what follows from it. */
  | { type: 'moderated'; moderation: Moderation; by: Moderator }
  /** The caller's voice is sent with another SSRC from now on. */
  | { type: 'voiceMoved'; ssrc: number }
  /** Written in the room, for everybody or for this caller. */
  | { type: 'chat'; name: string; text: string };

/** What all a bridge's callers in a room have in common. */
export type BridgeRoomEvent =
  | { type: 'voiceOpened'; ssrc: number }
  | { type: 'voiceClosed'; ssrc: number }
  /** Others have come who hear this bridge's callers, or the last of them has gone. */
  | { type: 'wantedVoices'; count: number }
  /** The worker was lost: another link, and no voices yet; `voiceMoved` follows for each call. */
  | { type: 'reset'; link: BridgeLink }
  /** The last of the bridge's callers is out, and the link gone. Who comes in later is told of another one. */
  | { type: 'closed' }
  /** People came or went; for the tones. `count` is what they are now. */
  | { type: 'came'; count: number }
  | { type: 'went'; count: number };

/** The server asks for a call out of a room. */
export interface DialRequest {
  dialId: string;
  room: string;
  /** As a person has typed it. */
  destination: string;
}

/** The server stops: no new calls are taken. */
export interface DrainNotice {
  /** When rooms will be ended, in ms since the epoch. */
  deadline: number;
  /** Another server takes new calls, and callers need not know yet; the same without it follows when they are to be told. */
  takenOver?: boolean;
}

export type BridgeResult<T> = { ok: true; value: T } | { ok: false; error: ContractError };

export type BridgeToServerEvents = {
  [N in BridgeRequestName]: (
    payload: BridgeRequestInput<N>,
    ack: (result: BridgeResult<BridgeAnswers[N]>) => void,
  ) => void;
};

export interface ServerToBridgeEvents {
  call: (event: { callId: string; event: CallEvent }) => void;
  room: (event: { room: string; event: BridgeRoomEvent }) => void;
  dial: (request: DialRequest) => void;
  cancelDial: (request: { dialId: string }) => void;
  draining: (notice: DrainNotice) => void;
}
