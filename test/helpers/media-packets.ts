/** Packets for fuzzing media ports: such as peers send, whole or changed, and bytes that are nothing at all. */
import fc from 'fast-check';
import { mostly, mutated } from './fuzz.ts';
import { receiverReport, rtpHeader, senderReport, vp8Payload } from './rtp.ts';

/** Of what is known to whoever sends it. */
export interface PacketContext {
  ssrc: number;
  /** `theirs:ours`, as ICE has it (RFC 8445, 7.2.2). */
  stunUsername: string;
}

/** Longer packets pass no network. */
const MTU = 1_400;

/** A binding request (RFC 8489) whose integrity is wrong. */
function stunRequest({ stunUsername }: PacketContext): Buffer {
  const name = Buffer.from(stunUsername);
  const padded = Buffer.concat([name, Buffer.alloc((4 - (name.length % 4)) % 4)]);
  const attributes = Buffer.concat([
    attribute(0x0006, name.length, padded),
    attribute(0x0024, 4, Buffer.from([0x7e, 0, 0, 0])),
    attribute(0x0025, 0, Buffer.alloc(0)),
    attribute(0x0008, 20, Buffer.alloc(20, 7)),
  ]);
  const header = Buffer.alloc(20, 1);
  header.writeUInt16BE(0x0001, 0);
  header.writeUInt16BE(attributes.length, 2);
  header.writeUInt32BE(0x2112_a442, 4);
  return Buffer.concat([header, attributes]);
}

function attribute(type: number, length: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(length, 2);
  return Buffer.concat([head, value]);
}

/** One record of a handshake (RFC 6347) that says to hold a ClientHello. */
function dtlsHello(): Buffer {
  const hello = Buffer.concat([
    Buffer.from([0xfe, 0xfd]),
    Buffer.alloc(32, 9),
    Buffer.from([0, 0, 0, 2, 0xc0, 0x2b, 1, 0]),
  ]);
  const handshake = Buffer.concat([
    Buffer.from([1, 0, 0, hello.length, 0, 0, 0, 0, 0, 0, 0, hello.length]),
    hello,
  ]);
  const record = Buffer.from([22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, handshake.length]);
  return Buffer.concat([record, handshake]);
}

/** A feedback packet of RTCP (RFC 4585) with words of control information after it. */
function feedback(
  type: 205 | 206,
  format: number,
  { ssrc }: PacketContext,
  words: readonly number[],
): Buffer {
  const packet = Buffer.alloc(12 + 4 * words.length);
  packet[0] = 0x80 | format;
  packet[1] = type;
  packet.writeUInt16BE(2 + words.length, 2);
  packet.writeUInt32BE(1, 4);
  packet.writeUInt32BE(ssrc, 8);
  words.forEach((word, index) => packet.writeUInt32BE(word >>> 0, 12 + 4 * index));
  return packet;
}

const sample: readonly ((context: PacketContext) => Buffer)[] = [
  stunRequest,
  dtlsHello,
  ({ ssrc }) =>
    Buffer.concat([rtpHeader({ payloadType: 111, sequence: 7, timestamp: 9, ssrc }, 30), Buffer.alloc(60)]),
  ({ ssrc }) =>
    Buffer.concat([
      rtpHeader({ payloadType: 96, sequence: 7, timestamp: 9, ssrc, marker: true }),
      vp8Payload({ keyFrame: true, pictureId: 3, temporalLayer: 0, tl0PicIdx: 1, size: 100 }),
    ]),
  ({ ssrc }) =>
    Buffer.concat([
      rtpHeader({ payloadType: 101, sequence: 7, timestamp: 9, ssrc }),
      Buffer.from([5, 10, 0, 160]),
    ]),
  ({ ssrc }) => senderReport(ssrc, 9, Date.now()),
  ({ ssrc }) => receiverReport(ssrc),
  // NACK, transport-wide feedback, PLI, FIR, REMB.
  (context) => feedback(205, 1, context, [0x0007_ffff]),
  (context) => feedback(205, 15, context, [0x0001_0008, 0x0000_0101, 0x2008_0404, 0x0404_0404]),
  (context) => feedback(206, 1, context, []),
  (context) => feedback(206, 4, context, [context.ssrc, 0x0100_0000]),
  (context) => feedback(206, 15, context, [0x5245_4d42, 0x0103_ffff, context.ssrc]),
  // Source description, good-bye, extended report.
  ({ ssrc }) => words([0x81ca_0003, ssrc, 0x0104_6162, 0x6364_0000]),
  ({ ssrc }) => words([0x81cb_0001, ssrc]),
  ({ ssrc }) => words([0x80cf_0004, ssrc, 0x0400_0002, 0xe000_0000, 0]),
];

function words(values: readonly number[]): Buffer {
  const packet = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => packet.writeUInt32BE(value >>> 0, 4 * index));
  return packet;
}

/** @param context is asked when packets are made, which is after the test has begun */
export function mediaPackets(context: () => PacketContext): fc.Arbitrary<Buffer> {
  const whole = fc.constantFrom(...sample).map((make) => make(context()));
  const noise = fc.uint8Array({ maxLength: MTU, size: 'max' }).map((bytes) => Buffer.from(bytes));
  return mostly(fc.oneof(mutated(whole), whole), noise).map((packet) => packet.subarray(0, MTU));
}
