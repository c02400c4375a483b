/**
 * RTP as the generator sends it, and what of it can be read again at the far end: packets without sound or picture,
 * with all that a forwarding server looks at, and with the moment at which each was sent inside.
 */
import { vp8Payload } from '../../helpers/rtp.ts';

/** Header extensions that are sent (RFC 8285), by the number that the generator gives each. */
export const EXTENSIONS = {
  mid: { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 },
  rid: { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 2 },
  level: { uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 10 },
} as const;

export const PAYLOAD_TYPES = { audio: 111, video: 96 } as const;

export type Kind = 'audio' | 'video';

/** What most of a packet's bytes are. */
const FILLER = 0x55;
/** Where the moment is, counted from the payload's start: behind what servers read, the same in each packet of a kind. */
const MARK_AT: Readonly<Record<Kind, number>> = { audio: 1, video: 16 };
const MARK_BYTES = 8;
/** The payload descriptor that `vp8Payload` writes. */
const DESCRIPTOR_BYTES = 6;
/** A packet of a picture has at least so much of it. */
export const LEAST_VIDEO_BYTES = MARK_AT.video + MARK_BYTES - DESCRIPTOR_BYTES;
const LEAST_AUDIO_BYTES = MARK_AT.audio + MARK_BYTES;
/** Opus, 20 ms of wideband voice, one frame (RFC 6716, 3.1). */
const OPUS_TOC = 0x48;

export interface StreamIdentity {
  kind: Kind;
  ssrc: number;
  mid: string;
  /** Of a simulcast layer. */
  rid?: string;
}

/** Part of a frame that one packet carries. */
export interface VideoPart {
  keyFrame: boolean;
  /** Whether it is the frame's first packet, and its last. */
  first: boolean;
  last: boolean;
  pictureId: number;
  temporalLayer: number;
  tl0PicIdx: number;
  /** Bytes of the frame in it, at least `LEAST_VIDEO_BYTES`. */
  size: number;
}

/** Writes the packets of one stream, one after the other. */
export class PacketWriter {
  readonly #identity: StreamIdentity;
  readonly #header: Buffer;
  readonly #levelAt: number;
  #sequence: number;

  /** @param sequence of the first packet */
  constructor(identity: StreamIdentity, sequence = 1) {
    this.#identity = identity;
    this.#sequence = sequence;
    const { kind, ssrc, mid, rid } = identity;
    const elements = [element(EXTENSIONS.mid.id, Buffer.from(mid))];
    if (rid !== undefined) elements.push(element(EXTENSIONS.rid.id, Buffer.from(rid)));
    const before = Buffer.concat(elements).length;
    if (kind === 'audio') elements.push(element(EXTENSIONS.level.id, Buffer.from([127])));
    this.#levelAt = 12 + 4 + before + 1;
    const extensions = Buffer.concat(elements);
    const words = Math.ceil(extensions.length / 4);
    this.#header = Buffer.alloc(12 + 4 + 4 * words);
    this.#header[0] = 0x90;
    this.#header.writeUInt32BE(ssrc, 8);
    this.#header.writeUInt16BE(0xbede, 12);
    this.#header.writeUInt16BE(words, 14);
    extensions.copy(this.#header, 16);
  }

  /** @param level in -dBov, 127 for silence @param now by `performance.now()` */
  audio(timestamp: number, level: number, bytes: number, now: number): Buffer {
    const packet = this.#begin(timestamp, false, Math.max(bytes, LEAST_AUDIO_BYTES));
    packet[this.#levelAt] = level & 0x7f;
    const payload = this.#header.length;
    packet[payload] = OPUS_TOC;
    packet.writeDoubleBE(now, payload + MARK_AT.audio);
    return packet;
  }

  /** @param now by `performance.now()` */
  video(timestamp: number, part: VideoPart, now: number): Buffer {
    const packet = this.#begin(timestamp, part.last, DESCRIPTOR_BYTES + part.size);
    const payload = this.#header.length;
    vp8Payload(part).copy(packet, payload, 0, DESCRIPTOR_BYTES + 1);
    if (!part.first) packet[payload]! &= ~0x10;
    else if (part.keyFrame) keyFrameHeader.copy(packet, payload + DESCRIPTOR_BYTES);
    packet.writeDoubleBE(now, payload + MARK_AT.video);
    return packet;
  }

  #begin(timestamp: number, marker: boolean, payloadBytes: number): Buffer {
    const packet = Buffer.alloc(this.#header.length + payloadBytes, FILLER);
    this.#header.copy(packet);
    packet[1] = (marker ? 0x80 : 0) | PAYLOAD_TYPES[this.#identity.kind];
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet;
  }
}

/** Frame tag, start code and size of a key frame of 320 × 180 (RFC 6386, 9.1), which some servers look for. */
const keyFrameHeader = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00]);

/** One extension with the one-byte header (RFC 8285, 4.2). */
function element(id: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(id << 4) | (data.length - 1)]), data]);
}

/** Where the payload begins; -1 when there is none, as in padding. */
function payloadAt(packet: Buffer): number {
  let at = 12 + 4 * (packet[0]! & 0x0f);
  if ((packet[0]! & 0x10) !== 0) {
    if (at + 4 > packet.length) return -1;
    at += 4 + 4 * packet.readUInt16BE(at + 2);
  }
  return at < packet.length ? at : -1;
}

/** When a packet was sent, by the sender's `performance.now()`; null when it does not say. */
export function sentAt(packet: Buffer, kind: Kind): number | null {
  const payload = payloadAt(packet);
  const at = payload + MARK_AT[kind];
  return payload < 0 || at + MARK_BYTES > packet.length ? null : packet.readDoubleBE(at);
}

/** Whether a packet of VP8 is the first of a key frame (RFC 7741, 4.2 and 4.3). */
export function beginsKeyFrame(packet: Buffer): boolean {
  let at = payloadAt(packet);
  if (at < 0) return false;
  const first = packet[at]!;
  // The start of partition 0, and no other partition.
  if ((first & 0x1f) !== 0x10) return false;
  at += 1;
  if ((first & 0x80) !== 0) {
    const extensions = packet[at] ?? 0;
    at += 1;
    if ((extensions & 0x80) !== 0) at += ((packet[at] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extensions & 0x40) !== 0) at += 1;
    if ((extensions & 0x30) !== 0) at += 1;
  }
  return at < packet.length && (packet[at]! & 1) === 0;
}

/** What a receiver reports of one stream (RFC 3550, 6.4.1). */
export interface ReportBlock {
  ssrc: number;
  /** Of the packets since the last report, 0 to 1. */
  lostPart: number;
  lost: number;
  /** The highest sequence number, with the count of wraps above it. */
  highest: number;
}

/** As many as a receiver report can hold. */
export const MAX_REPORT_BLOCKS = 31;

/** A receiver report (RFC 3550, 6.4.2) of at most `MAX_REPORT_BLOCKS` streams. */
export function receiverReport(blocks: readonly ReportBlock[]): Buffer {
  const packet = Buffer.alloc(8 + 24 * blocks.length);
  packet[0] = 0x80 | blocks.length;
  packet[1] = 201;
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(1, 4);
  blocks.forEach(({ ssrc, lostPart, lost, highest }, i) => {
    const at = 8 + 24 * i;
    packet.writeUInt32BE(ssrc, at);
    packet[at + 4] = Math.min(255, Math.round(lostPart * 256));
    packet.writeIntBE(Math.min(lost, 0x7f_ffff), at + 5, 3);
    packet.writeUInt32BE(highest >>> 0, at + 8);
  });
  return packet;
}

/** A picture loss indication (RFC 4585, 6.3.1): asks the sender of a stream for a key frame. */
export function pictureLoss(ssrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x81;
  packet[1] = 206;
  packet.writeUInt16BE(2, 2);
  packet.writeUInt32BE(1, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}
