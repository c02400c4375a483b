/**
 * What the bridge's SIP side and its media process say to each other: plain data, one request with one answer,
 * and events. Both ends parse what they get by these schemas, and take their types from them.
 *
 * The media process knows neither SIP nor the conference. It has calls (a phone's media, negotiated by SDP),
 * rooms (RTP to and from one router of the SFU), and calls placed in rooms.
 */
import { z } from 'zod';

/** How the RTP of a call travels: in the clear, with keys from the SDP (RFC 4568), or with DTLS (RFC 5764). */
export const legKinds = ['plain', 'sdes', 'dtls'] as const;
export const codecNames = ['opus', 'PCMU', 'PCMA'] as const;
export const srtpSuites = ['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_128_GCM'] as const;
export const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

const callId = z.string().min(1).max(256);
const roomId = z.string().min(1).max(256);
const ssrc = z.int().min(0).max(0xffff_ffff);
const port = z.int().min(0).max(65_535);
const payloadType = z.int().min(0).max(127);
const sdp = z.string().max(65_536);
/** In the way that a prompt's file is named below the folder of prompts, without `.wav`: `en/welcome`. */
const prompt = z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/);
const direction = z.enum(directions);
/** How many of the callers' voices the room takes, the loudest; 0 while nobody else is there to hear them. */
const wantedVoices = z.int().min(0).max(64);
const nothing = z.void().transform(() => null);

/** Where a call's media is, and how it may be spoken; a trunk's settings. */
export const callOptions = z.strictObject({
  /** Address of this host's interface that RTP goes out of and comes in at. */
  listenIp: z.string(),
  /** What the SDP says instead of `listenIp`: the address outside the NAT. */
  announcedAddress: z.string().optional(),
  /** UDP ports of phones' media; any free ones if absent. */
  ports: z.strictObject({ min: port, max: port }).optional(),
  /** Most wanted first. */
  codecs: z
    .array(z.enum(codecNames))
    .min(1)
    .default([...codecNames]),
  /** Also hear digits that come as sound (Goertzel). Off where not needed: a voice may sound like a digit. */
  inbandDigits: z.boolean().default(false),
});

/** Keys of one direction of SRTP, as an SFU's PlainTransport has them. */
const srtpKeys = z.strictObject({
  suite: z.enum(srtpSuites),
  keyBase64: z.string(),
});

/** What a call's media was like; kept in its call record. */
export const callStats = z.strictObject({
  kind: z.enum(legKinds).nullable(),
  codec: z.enum(codecNames).nullable(),
  packetsReceived: z.int(),
  packetsSent: z.int(),
  /** Packets that never came, of those that the phone sent. */
  packetsLost: z.int(),
  /** Interarrival jitter (RFC 3550, 6.4.1) in ms. */
  jitterMs: z.number(),
  /** What the phone reports of our packets in its RTCP; null if it sends none. */
  remotePacketsLost: z.int().nullable(),
  remoteJitterMs: z.number().nullable(),
  roundTripMs: z.number().nullable(),
  /** How long a packet of the phone waits for the ones before it, in ms. */
  bufferMs: z.number(),
});

/** How the clock of the media process keeps up. */
export const threadStats = z.strictObject({
  calls: z.int(),
  rooms: z.int(),
  refusing: z.boolean(),
  /** How late a tick of 20 ms began, over the last ten seconds, in ms. */
  latenessP50Ms: z.number(),
  latenessP99Ms: z.number(),
  /** Part of one core that the process used over the last ten seconds. */
  cpu: z.number(),
  residentBytes: z.int(),
});

function request<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result };
}

/** Every request, with what it takes and what it is answered with. Times in ms, gains in dB. */
export const requests = {
  // --- Calls
  /** Makes a call without media; `offer` or `answer` comes next. */
  openCall: request(z.strictObject({ callId, options: callOptions }), nothing),
  /**
   * An offer of ours: the first, or one within the call (`kind` stays then). Replaces an offer not yet answered.
   * `direction` says what we want: `sendonly` or `inactive` puts the phone on hold.
   */
  offer: request(
    z.strictObject({ callId, kind: z.enum(legKinds), direction: direction.default('sendrecv') }),
    z.strictObject({ sdp }),
  ),
  /**
   * Our answer to a phone's offer, at first or within the call. `remoteDirection` is what the phone said of itself:
   * `sendonly` and `inactive` mean that it holds us. Refused with `unsupported` (SIP 488) or `malformed` (400).
   */
  answer: request(
    z.strictObject({ callId, sdp, direction: direction.default('sendrecv') }),
    z.strictObject({ sdp, kind: z.enum(legKinds), remoteDirection: direction }),
  ),
  /** The phone's answer to the last offer of ours; may come again (183, then 200), and then the last one counts. */
  acceptAnswer: request(z.strictObject({ callId, sdp }), z.strictObject({ remoteDirection: direction })),
  /** Ends a call's media. Idempotent: a call that is not there had no media. */
  closeCall: request(z.strictObject({ callId }), callStats.nullable()),
  callStats: request(z.strictObject({ callId }), callStats),

  // --- What a caller hears and sends
  /** Puts the call in the mix of a room and its voice out as `ssrc`; null takes it out again. */
  placeCall: request(z.strictObject({ callId, place: z.strictObject({ roomId, ssrc }).nullable() }), nothing),
  /**
   * Plays prompts one after the other, over the room if the call is in one; ends what played before.
   * `promptEnded` tells the end, also when it was stopped. Refused with `unknown-prompt`.
   */
  play: request(
    z.strictObject({ callId, prompts: z.array(prompt).min(1).max(64), loop: z.boolean().default(false) }),
    z.strictObject({ playId: z.int() }),
  ),
  stopPlaying: request(z.strictObject({ callId }), nothing),
  /** A short tone to one call, or to all calls of a room. */
  tone: request(
    z.strictObject({
      to: z.union([z.strictObject({ callId }), z.strictObject({ roomId })]),
      tone: z.enum(['join', 'leave', 'beep']),
    }),
    nothing,
  ),
  /** Whether the room hears the caller. */
  setMuted: request(z.strictObject({ callId, muted: z.boolean() }), nothing),
  /** Held by a host or by us: neither hears nor is heard, whatever was negotiated. */
  setHeld: request(z.strictObject({ callId, held: z.boolean() }), nothing),
  /** How much louder (above 0) or softer the caller hears the room. */
  setGain: request(z.strictObject({ callId, decibels: z.number().min(-30).max(20) }), nothing),
  /** Digits to the phone as telephone events (RFC 4733). Refused with `unsupported` if it takes none. */
  sendDigits: request(z.strictObject({ callId, digits: z.string().regex(/^[0-9*#A-D]{1,64}$/) }), nothing),

  // --- Rooms
  /** RTP and RTCP, on one port, to and from a PlainTransport (comedia) of the SFU. */
  openRoom: request(
    z.strictObject({
      roomId,
      listenIp: z.string(),
      remote: z.strictObject({ ip: z.string(), port }),
      opusPayloadType: payloadType,
      /** Id of the header extension with the audio level (RFC 6464). Both numbers hold both ways: the router's own. */
      levelExtensionId: z.int().min(1).max(14),
      srtp: z.strictObject({ local: srtpKeys, remote: srtpKeys }).optional(),
      wantedVoices,
    }),
    z.strictObject({ ip: z.string(), port }),
  ),
  /** It is another number now. */
  setWantedVoices: request(z.strictObject({ roomId, wantedVoices }), nothing),
  /** Calls in it stay open, without a room. Idempotent. */
  closeRoom: request(z.strictObject({ roomId }), nothing),
  /** A stream that the SFU sends us; packets of others are dropped. Idempotent. */
  addVoice: request(z.strictObject({ roomId, ssrc }), nothing),
  removeVoice: request(z.strictObject({ roomId, ssrc }), nothing),

  /** Whether the process lives. */
  heartbeat: request(z.strictObject({}), nothing),
  stats: request(z.strictObject({}), threadStats),
};

/** What the media process tells by itself. */
export const mediaEvent = z.discriminatedUnion('event', [
  /** The process is ready for requests. */
  z.strictObject({ event: z.literal('ready') }),
  /** A digit was keyed. One event a key, told when it begins to be heard; INFO digits are the SIP side's. */
  z.strictObject({
    event: z.literal('digit'),
    callId,
    digit: z.string().regex(/^[0-9*#A-D]$/),
    via: z.enum(['rtp', 'inband']),
  }),
  /** The first packet of the phone came (again). */
  z.strictObject({ event: z.literal('mediaArrived'), callId }),
  /** No packet of the phone for 30 s while it should send. */
  z.strictObject({ event: z.literal('mediaLost'), callId }),
  /** A secured leg can not be: the handshake failed or the transport ended. */
  z.strictObject({ event: z.literal('legFailed'), callId, reason: z.string() }),
  z.strictObject({
    event: z.literal('promptEnded'),
    callId,
    playId: z.int(),
    /** Whether all of it was played. */
    whole: z.boolean(),
  }),
  /** The clock can not keep up: no more calls, until `refusing` is false again. */
  z.strictObject({ event: z.literal('overload'), refusing: z.boolean() }),
]);

export const mediaErrorCodes = [
  'unknown-call',
  'unknown-room',
  'unknown-prompt',
  /** SIP 488: no codec, transport or key agreement in common. */
  'unsupported',
  /** SIP 400: SDP that can not be read. */
  'malformed',
  /** Such as an answer without an offer. */
  'wrong-state',
  /** All ports of the configured range are taken. */
  'no-port',
  /** SIP 503: the clock can not keep up. */
  'overloaded',
  /** SIP 503: the process was not there any more, or did not answer. */
  'process-ended',
  'timed-out',
  'internal',
] as const;

type MediaRequests = typeof requests;
export type MediaMethod = keyof MediaRequests;
/** As the caller writes it: what has a default may be left out. */
export type MediaParams<M extends MediaMethod> = z.input<MediaRequests[M]['params']>;
/** As the media process gets it, defaults filled in. */
export type ParsedParams<M extends MediaMethod> = z.output<MediaRequests[M]['params']>;
export type MediaResult<M extends MediaMethod> = z.output<MediaRequests[M]['result']>;
/** As the media process gives it. */
export type HandlerResult<M extends MediaMethod> = z.input<MediaRequests[M]['result']>;
export type MediaEvent = z.output<typeof mediaEvent>;
export type SrtpSuite = (typeof srtpSuites)[number];
export type LegKind = (typeof legKinds)[number];
export type CodecName = (typeof codecNames)[number];
export type Direction = (typeof directions)[number];
export type CallOptions = z.output<typeof callOptions>;
export type CallStats = z.output<typeof callStats>;
export type ThreadStats = z.output<typeof threadStats>;
export type MediaErrorCode = (typeof mediaErrorCodes)[number];

/** A request on its way; `params` is parsed by the schema of `method`. */
export const requestMessage = z.strictObject({
  id: z.int(),
  method: z.string(),
  params: z.unknown(),
});

const answer = z.discriminatedUnion('ok', [
  z.strictObject({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: z.int(), ok: z.literal(false), code: z.enum(mediaErrorCodes), message: z.string() }),
]);
/** The media process's word on request `id`. */
export type Answer = z.output<typeof answer>;

/** What comes from the media process. */
export const processMessage = z.union([answer, mediaEvent]);
export type ProcessMessage = z.output<typeof processMessage>;

/** A request that the media process refused, or that it did not live to answer. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
