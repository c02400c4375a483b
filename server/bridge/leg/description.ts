/** Writes our session descriptions (RFC 8866), offers and answers (RFC 3264). Pure. */
import { write } from 'sdp-transform';
import type { MediaAttributes, MediaDescription, SessionDescription } from 'sdp-transform';
import type { CodecName, Direction } from '../media/protocol.ts';
import type { RemoteMedia } from '../sdp.ts';

/** How our sound travels, as SDP says it; a leg's part of a description. */
export interface LocalTransport {
  protocol: string;
  address: string;
  port: number;
  rtcpMux: boolean;
  /** Lines of the transport alone: keys, ICE, DTLS. */
  attributes: Pick<
    MediaAttributes & MediaDescription,
    'crypto' | 'iceUfrag' | 'icePwd' | 'fingerprint' | 'setup' | 'candidates' | 'endOfCandidates'
  >;
}

/** The codecs that a description of ours names. */
export interface LocalFormats {
  codecs: { name: CodecName; payloadType: number }[];
  digits: { payloadType: number; clockRate: number }[];
  comfortNoise: number | null;
  levelExtensionId: number | null;
}

export interface Origin {
  sessionId: number;
  /** Grows by one with each description (RFC 3264, 8). */
  version: number;
}

const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const MID = '0';

const RTPMAP = {
  opus: { codec: 'opus', rate: 48_000, encoding: 2 },
  PCMU: { codec: 'PCMU', rate: 8_000 },
  PCMA: { codec: 'PCMA', rate: 8_000 },
} as const satisfies Record<CodecName, { codec: string; rate: number; encoding?: number }>;

/** Opus as we take it: mono, at the 16 kHz that the mix has, mended by the packets after a loss. */
const OPUS_PARAMETERS = 'minptime=10;useinbandfec=1;maxplaybackrate=16000;stereo=0;usedtx=1';

/** What we offer when nothing is agreed yet, most wanted codec first. */
export function offeredFormats(codecs: readonly CodecName[]): LocalFormats {
  const payloadTypes = { opus: 111, PCMU: 0, PCMA: 8 } as const satisfies Record<CodecName, number>;
  const hasOpus = codecs.includes('opus');
  const hasNarrowband = codecs.some((name) => name !== 'opus');
  return {
    codecs: codecs.map((name) => ({ name, payloadType: payloadTypes[name] })),
    // Digits have the clock of the sound beside them (RFC 4733, 2.1), so there may be two of them.
    digits: [
      ...(hasOpus ? [{ payloadType: 110, clockRate: 48_000 }] : []),
      ...(hasNarrowband ? [{ payloadType: 101, clockRate: 8_000 }] : []),
    ],
    comfortNoise: hasNarrowband ? 13 : null,
    levelExtensionId: 1,
  };
}

/** @param inReplyTo the offer, when it is an answer: its m= lines are repeated, all but one refused */
export function writeDescription(
  origin: Origin,
  transport: LocalTransport,
  formats: LocalFormats,
  direction: Direction,
  inReplyTo: RemoteMedia | null,
): string {
  const mid = inReplyTo ? inReplyTo.mid : transport.attributes.iceUfrag === undefined ? null : MID;
  const audio = audioLine(transport, formats, direction, mid);
  const bundled = mid !== null && (inReplyTo ? inReplyTo.bundled : true);
  const media = inReplyTo
    ? inReplyTo.lines.map((line, index) => (index === inReplyTo.index ? audio : refused(line)))
    : [audio];
  const session: SessionDescription = {
    version: 0,
    origin: {
      username: '-',
      sessionId: origin.sessionId,
      sessionVersion: origin.version,
      netType: 'IN',
      ipVer: versionOf(transport.address),
      address: transport.address,
    },
    name: '-',
    connection: { version: versionOf(transport.address), ip: transport.address },
    timing: { start: 0, stop: 0 },
    ...(bundled ? { groups: [{ type: 'BUNDLE', mids: mid }] } : {}),
    media,
  };
  return write(session);
}

function audioLine(
  transport: LocalTransport,
  { codecs, digits, comfortNoise, levelExtensionId }: LocalFormats,
  direction: Direction,
  mid: string | null,
): MediaDescription {
  const rtp = [
    ...codecs.map(({ name, payloadType }) => ({ payload: payloadType, ...RTPMAP[name] })),
    ...(comfortNoise === null ? [] : [{ payload: comfortNoise, codec: 'CN', rate: 8_000 }]),
    ...digits.map(({ payloadType, clockRate }) => ({
      payload: payloadType,
      codec: 'telephone-event',
      rate: clockRate,
    })),
  ];
  const opus = codecs.find(({ name }) => name === 'opus');
  return {
    type: 'audio',
    port: transport.port,
    protocol: transport.protocol,
    payloads: rtp.map(({ payload }) => payload).join(' '),
    rtp,
    fmtp: [
      ...(opus ? [{ payload: opus.payloadType, config: OPUS_PARAMETERS }] : []),
      ...digits.map(({ payloadType }) => ({ payload: payloadType, config: '0-15' })),
    ],
    ...(mid === null ? {} : { mid }),
    ...(levelExtensionId === null ? {} : { ext: [{ value: levelExtensionId, uri: LEVEL_URI }] }),
    ...(transport.rtcpMux ? { rtcpMux: 'rtcp-mux' } : {}),
    ptime: 20,
    ...transport.attributes,
    direction,
  };
}

function refused({ type, protocol, payloads }: RemoteMedia['lines'][number]): MediaDescription {
  return { type, port: 0, protocol, payloads, rtp: [], fmtp: [], direction: 'inactive' };
}

function versionOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}
