/**
 * RTP packets (RFC 3550) and the audio level in them (RFC 6464, by RFC 8285). Read and written for each packet of
 * each call, so without objects for what nobody looks at.
 */

export interface RtpPacket {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker: boolean;
  /** In -dBov: 0 the loudest, 127 silence; null when the packet does not say. */
  level: number | null;
  /** A view into the packet. */
  payload: Buffer;
}

export interface RtpHeader {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker: boolean;
}

const HEADER_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

/**
 * @param levelExtensionId what the level's extension was negotiated as, if it was
 * @returns null when it is no RTP packet
 */
export function readRtp(packet: Buffer, levelExtensionId: number | null): RtpPacket | null {
  const first = packet[0];
  const second = packet[1];
  if (first === undefined || second === undefined) return null;
  if (first >> 6 !== 2 || packet.length < HEADER_BYTES) return null;
  let at = HEADER_BYTES + 4 * (first & 0x0f);
  let level: number | null = null;
  if ((first & 0x10) !== 0) {
    if (at + 4 > packet.length) return null;
    const from = at + 4;
    const to = from + 4 * packet.readUInt16BE(at + 2);
    if (to > packet.length) return null;
    if (levelExtensionId !== null) {
      level = findLevel(packet, packet.readUInt16BE(at), from, to, levelExtensionId);
    }
    at = to;
  }
  const padding = (first & 0x20) === 0 ? 0 : (packet[packet.length - 1] ?? 0);
  const end = packet.length - padding;
  if (end < at) return null;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    level,
    payload: packet.subarray(at, end),
  };
}

function findLevel(packet: Buffer, profile: number, from: number, to: number, id: number): number | null {
  const twoByte = (profile & 0xfff0) === TWO_BYTE_PROFILE;
  if (!twoByte && profile !== ONE_BYTE_PROFILE) return null;
  for (let at = from; at < to;) {
    const head = packet[at] ?? 0;
    // Padding is a lone zero byte.
    if (head === 0) {
      at += 1;
      continue;
    }
    const found = twoByte ? head : head >> 4;
    if (!twoByte && found === 15) return null;
    const data = at + (twoByte ? 2 : 1);
    const length = twoByte ? (packet[at + 1] ?? 0) : (head & 0x0f) + 1;
    if (found === id) return length > 0 && data + length <= to ? (packet[data] ?? 0) & 0x7f : null;
    at = data + length;
  }
  return null;
}

/** A packet without header extensions. Allocates it: a socket may hold on to it for a while. */
export function writeRtp(header: RtpHeader, payload: Uint8Array): Buffer {
  const packet = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  writeHeader(packet, header, 0x80);
  packet.set(payload, HEADER_BYTES);
  return packet;
}

/** A packet that says its audio level, in -dBov. */
export function writeRtpWithLevel(
  header: RtpHeader,
  payload: Uint8Array,
  levelExtensionId: number,
  level: number,
): Buffer {
  const packet = Buffer.allocUnsafe(HEADER_BYTES + 8 + payload.length);
  writeHeader(packet, header, 0x90);
  packet.writeUInt32BE((ONE_BYTE_PROFILE << 16) >>> 0, 12);
  // One word of extensions.
  packet[15] = 1;
  packet[16] = levelExtensionId << 4;
  packet[17] = level & 0x7f;
  packet[18] = 0;
  packet[19] = 0;
  packet.set(payload, HEADER_BYTES + 8);
  return packet;
}

function writeHeader(packet: Buffer, header: RtpHeader, first: number): void {
  packet[0] = first;
  packet[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
}

/** How far sequence number `a` is after `b`, over the wrap; -32768 to 32767. */
export function sequenceAfter(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** How far timestamp `a` is after `b`, over the wrap; -2^31 to 2^31-1. */
export function timestampAfter(a: number, b: number): number {
  return (a - b) | 0;
}

/** A number that two streams will hardly have both; it is no secret. */
export function randomUint32(): number {
  return Math.floor(Math.random() * 0x1_0000_0000);
}
