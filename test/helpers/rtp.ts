/** RTP and RTCP packets that look like a browser's, as far as a forwarding server looks at them. */

/** Header extension that carries the audio level (RFC 6464) in packets made here. */
export const LEVEL_EXTENSION_ID = 6;
export const LEVEL_EXTENSION = {
  uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  id: LEVEL_EXTENSION_ID,
} as const;

export interface RtpHeader {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker?: boolean;
}

/** An RTP header (RFC 3550), with the audio level in -dBov in a one-byte header extension (RFC 8285) if given. */
export function rtpHeader(
  { payloadType, sequence, timestamp, ssrc, marker = false }: RtpHeader,
  level?: number,
  levelExtensionId = LEVEL_EXTENSION_ID,
): Buffer {
  const header = Buffer.alloc(level === undefined ? 12 : 20);
  header[0] = level === undefined ? 0x80 : 0x90;
  header[1] = (marker ? 0x80 : 0) | payloadType;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(ssrc >>> 0, 8);
  if (level !== undefined) {
    header.writeUInt16BE(0xbede, 12);
    header.writeUInt16BE(1, 14);
    header[16] = levelExtensionId << 4;
    header[17] = level & 0x7f;
  }
  return header;
}

/** What a frame of VP8 shows of itself on the outside (RFC 7741), then `size` bytes that mean nothing. */
export function vp8Payload(options: {
  keyFrame: boolean;
  pictureId: number;
  temporalLayer: number;
  tl0PicIdx: number;
  size: number;
}): Buffer {
  const payload = Buffer.alloc(6 + options.size);
  // Extended descriptor at the start of partition 0, with picture id, TL0PICIDX and temporal layer.
  payload[0] = 0x90;
  payload[1] = 0xe0;
  payload.writeUInt16BE(0x8000 | (options.pictureId & 0x7fff), 2);
  payload[4] = options.tl0PicIdx & 0xff;
  // The layer, and the bit that says one may switch up here.
  payload[5] = (options.temporalLayer << 6) | 0x20;
  // The first bit of the frame itself: 0 for a key frame.
  payload[6] = options.keyFrame ? 0 : 1;
  return payload;
}

/** A sender report (RFC 3550, 6.4.1): which moment a timestamp stands for. */
export function senderReport(ssrc: number, timestamp: number, now: number): Buffer {
  const packet = Buffer.alloc(28);
  packet[0] = 0x80;
  packet[1] = 200;
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(ssrc >>> 0, 4);
  const seconds = Math.floor(now / 1_000);
  packet.writeUInt32BE((seconds + 2_208_988_800) >>> 0, 8);
  packet.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 0xffff_ffff), 12);
  packet.writeUInt32BE(timestamp >>> 0, 16);
  return packet;
}

/** An RTCP receiver report without a block (RFC 3550, 6.4.2): says nothing but where it comes from. */
export function receiverReport(ssrc: number): Buffer {
  const packet = Buffer.alloc(8);
  packet[0] = 0x80;
  packet[1] = 201;
  packet.writeUInt16BE(1, 2);
  packet.writeUInt32BE(ssrc >>> 0, 4);
  return packet;
}

/** Whether it is RTCP rather than RTP, both being on one port (RFC 5761). */
export function isRtcp(packet: Buffer): boolean {
  const type = (packet[1] ?? 0) & 0x7f;
  return type >= 64 && type <= 95;
}

export function ssrcOf(packet: Buffer): number {
  return packet.readUInt32BE(8);
}

/** Streams for which an RTCP packet, perhaps one of several in it, asks for a key frame (PLI or FIR). */
export function keyFrameRequests(rtcp: Buffer): number[] {
  const streams: number[] = [];
  for (let at = 0; at + 4 <= rtcp.length; at += 4 * (rtcp.readUInt16BE(at + 2) + 1)) {
    const format = (rtcp[at] ?? 0) & 0x1f;
    if (rtcp[at + 1] !== 206) continue;
    if (format === 1) streams.push(rtcp.readUInt32BE(at + 8));
    if (format === 4) streams.push(rtcp.readUInt32BE(at + 12));
  }
  return streams;
}
