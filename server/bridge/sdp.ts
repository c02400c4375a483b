/**
 * Reads a phone's session description (RFC 8866): how its sound wants to travel, where, and in which codecs.
 * Pure; nothing of what a phone writes is taken for granted.
 */
import { parse } from 'sdp-transform';
import { z } from 'zod';
import { MediaError, codecNames, directions } from './media/protocol.ts';
import type { CodecName, Direction, LegKind } from './media/protocol.ts';

export interface RemoteCodec {
  name: CodecName;
  payloadType: number;
}

export interface RemoteCrypto {
  tag: number;
  suite: string;
  /** Base64 of master key and salt (RFC 4568, 6.1). */
  inline: string;
}

export interface RemoteIce {
  usernameFragment: string;
  password: string;
  lite: boolean;
  /** Without `a=candidate:`. */
  candidates: string[];
}

/** The m= lines in their order, as an answer has to repeat them. */
export interface MediaLine {
  type: string;
  protocol: string;
  payloads: string;
}

/** What a phone says of its sound. */
export interface RemoteMedia {
  kind: LegKind;
  lines: MediaLine[];
  /** Which of `lines` is the sound; all others are refused. */
  index: number;
  mid: string | null;
  bundled: boolean;
  address: string;
  port: number;
  rtcp: { address: string; port: number };
  rtcpMux: boolean;
  /** As the phone sees itself: `sendonly` sends to us and wants nothing. */
  direction: Direction;
  /** Only those that we know, in the phone's order. */
  codecs: RemoteCodec[];
  /** Telephone events (RFC 4733), one for each clock rate. */
  digits: { payloadType: number; clockRate: number }[];
  /** Comfort noise (RFC 3389). */
  comfortNoise: number | null;
  /** Id of the audio level's header extension (RFC 6464). */
  levelExtensionId: number | null;
  crypto: RemoteCrypto[];
  ice: RemoteIce | null;
  fingerprint: { algorithm: string; value: string } | null;
  setup: 'actpass' | 'active' | 'passive';
}

/** What the parser makes of an attribute may be a number where text is meant: `a=mid:0`. */
const text = z.coerce.string();
const port = z.int().min(0).max(65_535);
const payloadType = z.int().min(0).max(127);

const shared = {
  connection: z.object({ ip: text }).optional(),
  direction: z.enum(directions).optional(),
  iceUfrag: text.optional(),
  icePwd: text.optional(),
  fingerprint: z.object({ type: text, hash: text }).optional(),
  setup: z.string().optional(),
};

const line = z.object({
  ...shared,
  type: z.string(),
  port,
  protocol: z.string(),
  payloads: text.default(''),
  mid: text.optional(),
  rtp: z.array(z.object({ payload: payloadType, codec: text, rate: z.number().optional() })).default([]),
  rtcp: z.object({ port, address: text.optional() }).optional(),
  rtcpMux: z.string().optional(),
  ext: z.array(z.object({ value: z.int(), uri: text })).default([]),
  crypto: z.array(z.object({ id: z.int(), suite: text, config: text })).default([]),
  candidates: z
    .array(
      z.object({
        foundation: text,
        component: z.int(),
        transport: text,
        priority: z.number(),
        ip: text,
        port,
        type: text,
        raddr: text.optional(),
        rport: port.optional(),
      }),
    )
    .default([]),
});

const description = z.object({
  ...shared,
  media: z.array(line).min(1).max(32),
  icelite: z.string().optional(),
  groups: z.array(z.object({ type: text, mids: text })).default([]),
});

type Line = z.output<typeof line>;
type Description = z.output<typeof description>;

/** Payload types that mean a codec without an rtpmap (RFC 3551, 6). */
const STATIC: Record<number, { codec: string; rate: number }> = {
  0: { codec: 'PCMU', rate: 8_000 },
  8: { codec: 'PCMA', rate: 8_000 },
  13: { codec: 'CN', rate: 8_000 },
};

const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/**
 * The first line of sound that can be served.
 * @throws MediaError `malformed` when it is no session description, `unsupported` when it has no such line
 */
export function readDescription(sdp: string): RemoteMedia {
  const parsed = description.safeParse(parseOrNull(sdp));
  if (!parsed.success) throw new MediaError('malformed', 'The session description can not be read.');
  const session = parsed.data;
  const index = session.media.findIndex((one) => one.type === 'audio' && one.port !== 0);
  const audio = session.media[index];
  if (!audio) throw new MediaError('unsupported', 'There is no sound in the session description.');
  const fingerprint = audio.fingerprint ?? session.fingerprint;
  const kind = kindOf(audio, fingerprint !== undefined);
  const address = audio.connection?.ip ?? session.connection?.ip;
  if (address === undefined) throw new MediaError('malformed', 'There is no c= line.');
  const formats = formatsOf(audio);
  const codecs = formats.flatMap(({ codec, rate, payload }) => {
    const name = codecNames.find((known) => known.toLowerCase() === codec.toLowerCase());
    return name && rate === (name === 'opus' ? 48_000 : 8_000) ? { name, payloadType: payload } : [];
  });
  if (codecs.length === 0) throw new MediaError('unsupported', 'There is no codec in common.');
  const mid = audio.mid ?? null;
  return {
    kind,
    lines: session.media.map(({ type, protocol, payloads }) => ({ type, protocol, payloads })),
    index,
    mid,
    bundled: session.groups.some(
      ({ type, mids }) => type === 'BUNDLE' && mid !== null && mids.split(' ').includes(mid),
    ),
    address,
    port: audio.port,
    rtcp: {
      address: audio.rtcp?.address ?? address,
      port: audio.rtcp?.port ?? Math.min(audio.port + 1, 65_535),
    },
    rtcpMux: audio.rtcpMux !== undefined || kind === 'dtls',
    direction: directionOf(audio, session, address),
    codecs,
    digits: formats
      .filter(({ codec }) => codec.toLowerCase() === 'telephone-event')
      .map(({ payload, rate }) => ({ payloadType: payload, clockRate: rate })),
    comfortNoise: formats.find(({ codec, rate }) => codec === 'CN' && rate === 8_000)?.payload ?? null,
    levelExtensionId: audio.ext.find(({ uri }) => uri === LEVEL_URI)?.value ?? null,
    crypto: audio.crypto.flatMap(({ id, suite, config }) => {
      const inline = /^inline:([A-Za-z0-9+/=]+)/.exec(config)?.[1];
      return inline === undefined ? [] : { tag: id, suite, inline };
    }),
    ice: iceOf(audio, session),
    fingerprint: fingerprint ? { algorithm: fingerprint.type.toLowerCase(), value: fingerprint.hash } : null,
    setup: setupOf(audio.setup ?? session.setup),
  };
}

function parseOrNull(sdp: string): unknown {
  try {
    return parse(sdp);
  } catch {
    // The parser is made for well-formed text; what it stumbles over is malformed.
    return null;
  }
}

function kindOf(audio: Line, hasFingerprint: boolean): LegKind {
  const profile = audio.protocol.toUpperCase();
  if (/^(UDP\/TLS\/)?RTP\/SAVPF?$/.test(profile) && hasFingerprint) return 'dtls';
  if (/^RTP\/SAVPF?$/.test(profile) && audio.crypto.length > 0) return 'sdes';
  if (/^RTP\/AVPF?$/.test(profile)) return 'plain';
  throw new MediaError('unsupported', 'The sound does not travel in a way that is known here.');
}

function formatsOf(audio: Line): { payload: number; codec: string; rate: number }[] {
  return audio.payloads.split(' ').flatMap((word) => {
    const payload = Number(word);
    const mapped = audio.rtp.find((one) => one.payload === payload);
    if (mapped) return { payload, codec: mapped.codec, rate: mapped.rate ?? 8_000 };
    const known = STATIC[payload];
    return known ? { payload, ...known } : [];
  });
}

/** An address of zeros is the hold of RFC 2543: "send me nothing". */
function directionOf(audio: Line, session: Description, address: string): Direction {
  const direction = audio.direction ?? session.direction ?? 'sendrecv';
  if (address !== '0.0.0.0') return direction;
  return direction === 'sendrecv' ? 'sendonly' : direction === 'recvonly' ? 'inactive' : direction;
}

function iceOf(audio: Line, session: Description): RemoteIce | null {
  const usernameFragment = audio.iceUfrag ?? session.iceUfrag;
  const password = audio.icePwd ?? session.icePwd;
  if (usernameFragment === undefined || password === undefined) return null;
  return {
    usernameFragment,
    password,
    lite: session.icelite !== undefined,
    candidates: audio.candidates
      .filter(({ component, transport }) => component === 1 && transport.toLowerCase() === 'udp')
      .map(
        ({ foundation, priority, ip, port: at, type, raddr, rport }) =>
          `${foundation} 1 UDP ${priority} ${ip} ${at} typ ${type}` +
          (raddr !== undefined && rport !== undefined ? ` raddr ${raddr} rport ${rport}` : ''),
      ),
  };
}

function setupOf(setup: string | undefined): RemoteMedia['setup'] {
  return setup === 'active' || setup === 'passive' ? setup : 'actpass';
}
