/** What one participant receives: packets, losses, gaps, key frames, and how long they were under way. */
import { isRtcp, ssrcOf } from '../../helpers/rtp.ts';
import { MAX_REPORT_BLOCKS, beginsKeyFrame, pictureLoss, receiverReport, sentAt } from './packets.ts';
import type { Kind } from './packets.ts';

/** Longer than so many ms without a packet is a gap to whoever looks at a picture. */
const GAP_MS = 500;
/** A receiver to which packets come, but no picture, asks for a key frame each so many ms. */
const ASK_MS = 500;

/** Sums over all streams. */
export interface Totals {
  packets: number;
  bytes: number;
  lost: number;
  /** Pauses of pictures. */
  gaps: number;
  keyFrames: number;
  /** Streams of which something came. */
  streams: number;
}

export const NOTHING: Totals = { packets: 0, bytes: 0, lost: 0, gaps: 0, keyFrames: 0, streams: 0 };

/** Adds up totals of several participants. */
export function sumOf(all: readonly Totals[]): Totals {
  const sum = { ...NOTHING };
  for (const totals of all) {
    sum.packets += totals.packets;
    sum.bytes += totals.bytes;
    sum.lost += totals.lost;
    sum.gaps += totals.gaps;
    sum.keyFrames += totals.keyFrames;
    sum.streams += totals.streams;
  }
  return sum;
}

class Stream {
  readonly kind: Kind;
  readonly ssrc: number;
  packets = 0;
  bytes = 0;
  gaps = 0;
  keyFrames = 0;
  /** Sequence numbers with the count of wraps above them. */
  #first = 0;
  #highest = 0;
  #lastAt = 0;
  #askAt = 0;
  #reported = { lost: 0, expected: 0 };
  /** Since a key frame began, until the frame is complete. */
  #inKeyFrame = false;

  constructor(kind: Kind, ssrc: number) {
    this.kind = kind;
    this.ssrc = ssrc;
  }

  /** Packets that should have come by now. */
  get expected(): number {
    return this.packets === 0 ? 0 : this.#highest - this.#first + 1;
  }

  get lost(): number {
    return Math.max(0, this.expected - this.packets);
  }

  /** @returns whether a picture is complete with it that needs no other to be shown */
  take(packet: Buffer, now: number): boolean {
    const sequence = packet.readUInt16BE(2);
    if (this.packets === 0) {
      this.#first = this.#highest = sequence;
      this.#askAt = now + ASK_MS;
    } else
      this.#highest = Math.max(this.#highest, this.#highest + (((sequence - this.#highest) << 16) >> 16));
    if (this.packets > 0 && this.kind === 'video' && now - this.#lastAt > GAP_MS) this.gaps += 1;
    this.#lastAt = now;
    this.packets += 1;
    this.bytes += packet.length;
    if (this.kind === 'audio') return false;
    if (beginsKeyFrame(packet)) this.#inKeyFrame = true;
    if (!this.#inKeyFrame || (packet[1]! & 0x80) === 0) return false;
    this.#inKeyFrame = false;
    this.keyFrames += 1;
    return true;
  }

  /** Whether it is time to ask for a picture, as there was none yet. */
  isBlank(now: number): boolean {
    if (this.keyFrames > 0 || now < this.#askAt) return false;
    this.#askAt = now + ASK_MS;
    return true;
  }

  report(): { ssrc: number; lostPart: number; lost: number; highest: number } {
    const { lost, expected } = this;
    const newly = { lost: lost - this.#reported.lost, expected: expected - this.#reported.expected };
    this.#reported = { lost, expected };
    const lostPart = newly.expected > 0 ? Math.max(0, newly.lost) / newly.expected : 0;
    return { ssrc: this.ssrc, lostPart, lost, highest: this.#highest };
  }
}

export class Reception {
  /** When the first picture was there, by `performance.now()`; null until then. */
  firstFrameAt: number | null = null;
  readonly #send: (packet: Buffer) => boolean;
  readonly #delayed: (kind: Kind, ms: number) => void;
  readonly #streams = new Map<number, Stream>();
  #ended: Totals = NOTHING;

  /** @param send takes RTCP to the server @param delayed is told how long each packet was under way */
  constructor(send: (packet: Buffer) => boolean, delayed: (kind: Kind, ms: number) => void) {
    this.#send = send;
    this.#delayed = delayed;
  }

  get totals(): Totals {
    return sumOf([this.#ended, ...[...this.#streams.values()].map(totalsOf)]);
  }

  /** A stream that will come. */
  expect(kind: Kind, ssrc: number): void {
    if (!this.#streams.has(ssrc)) this.#streams.set(ssrc, new Stream(kind, ssrc));
  }

  /** A stream that will come no more. */
  forget(ssrc: number): void {
    const stream = this.#streams.get(ssrc);
    if (!stream) return;
    this.#ended = sumOf([this.#ended, totalsOf(stream)]);
    this.#streams.delete(ssrc);
  }

  /** @param now by `performance.now()` */
  take(packet: Buffer, now: number): void {
    if (isRtcp(packet)) return;
    const stream = this.#streams.get(ssrcOf(packet));
    if (!stream) return;
    const sent = sentAt(packet, stream.kind);
    if (sent !== null) this.#delayed(stream.kind, now - sent);
    if (stream.take(packet, now)) this.firstFrameAt ??= now;
    if (stream.kind === 'video' && stream.isBlank(now)) this.#send(pictureLoss(stream.ssrc));
  }

  /** Tells the server what came, as browsers do each second. */
  report(): void {
    const blocks = [...this.#streams.values()].filter(({ packets }) => packets > 0).map((s) => s.report());
    for (let at = 0; at < blocks.length; at += MAX_REPORT_BLOCKS) {
      this.#send(receiverReport(blocks.slice(at, at + MAX_REPORT_BLOCKS)));
    }
  }
}

function totalsOf({ packets, bytes, lost, gaps, keyFrames }: Stream): Totals {
  return { packets, bytes, lost, gaps, keyFrames, streams: packets > 0 ? 1 : 0 };
}
