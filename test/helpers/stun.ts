/** Messages of STUN (RFC 8489), as far as ICE's checks need to be signed anew. */
import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 20;
const COOKIE = 0x2112_a442;
const USERNAME = 0x0006;
const INTEGRITY = 0x0008;
const INTEGRITY_BYTES = 24;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;
const FINGERPRINT_BYTES = 8;
/** What a fingerprint is XORed with (RFC 8489, 14.7). */
const FINGERPRINT_MASK = 0x5354_554e;

/** Whether it is STUN rather than DTLS or SRTP, all being on one port (RFC 7983). */
export function isStun(packet: Buffer): boolean {
  return packet.length >= HEADER_BYTES && packet[0]! < 4 && packet.readUInt32BE(4) === COOKIE;
}

/** Whether it is a check that also chooses the way on which it comes (RFC 8445, 7.1.2). */
export function nominates(packet: Buffer): boolean {
  return isStun(packet) && attributesOf(packet).some(({ type }) => type === USE_CANDIDATE);
}

/**
 * The same message under another password, its user name changed. One that bears no signature, such as a refusal,
 * stays as it is.
 */
export function signedAnew(
  message: Buffer,
  password: string,
  rename: (username: string) => string = (username) => username,
): Buffer {
  const attributes = attributesOf(message);
  if (!attributes.some(({ type }) => type === INTEGRITY)) return message;
  const kept = attributes
    .filter(({ type }) => type !== INTEGRITY && type !== FINGERPRINT)
    .map(({ type, value }) =>
      attribute(type, type === USERNAME ? Buffer.from(rename(value.toString())) : value),
    );
  const plain = withRoomFor(Buffer.concat([message.subarray(0, HEADER_BYTES), ...kept]), INTEGRITY_BYTES);
  const signature = createHmac('sha1', password).update(plain).digest();
  const signed = withRoomFor(Buffer.concat([plain, attribute(INTEGRITY, signature)]), FINGERPRINT_BYTES);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(signed) ^ FINGERPRINT_MASK) >>> 0);
  return Buffer.concat([signed, attribute(FINGERPRINT, fingerprint)]);
}

/** The message, saying that it is longer by `bytes`: signatures are reckoned as if they were there already. */
function withRoomFor(message: Buffer, bytes: number): Buffer {
  message.writeUInt16BE(message.length - HEADER_BYTES + bytes, 2);
  return message;
}

function attributesOf(message: Buffer): { type: number; value: Buffer }[] {
  const attributes: { type: number; value: Buffer }[] = [];
  for (let at = HEADER_BYTES; at + 4 <= message.length;) {
    const length = message.readUInt16BE(at + 2);
    attributes.push({ type: message.readUInt16BE(at), value: message.subarray(at + 4, at + 4 + length) });
    at += 4 + padded(length);
  }
  return attributes;
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Attributes end at a multiple of four bytes. */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
