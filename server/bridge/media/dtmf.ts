/** Digits as telephone events in RTP (RFC 4733): heard once each, whatever is lost or repeated, and sent. */
import { timestampAfter } from './rtp.ts';
import { FRAME_MS } from './sound.ts';

/** By event number (RFC 4733, 3.2). */
const DIGITS = '0123456789*#ABCD';
const EVENT_BYTES = 4;

/** After so many ms without any digit, an older timestamp is no packet that was late, but a phone's new beginning. */
const LONGEST_LATE_MS = 2_000;

/** Hears digits at their first packet: a caller waits for nothing, and a lost end does not matter. */
export class DigitReceiver {
  #event = -1;
  #timestamp = 0;
  /** As its last packet says, in clock ticks. */
  #duration = 0;
  #ended = true;
  #heardAt = -Infinity;

  /**
   * @param now in ms
   * @returns the digit that begins with this packet, if one does
   */
  receive(packet: { timestamp: number; marker: boolean; payload: Buffer }, now: number): string | null {
    const { payload, timestamp, marker } = packet;
    const event = payload[0];
    const digit = event === undefined ? undefined : DIGITS[event];
    if (event === undefined || digit === undefined || payload.length < EVENT_BYTES) return null;
    const isKnown = this.#isKnown(event, timestamp, marker, now);
    const ends = ((payload[1] ?? 0) & 0x80) !== 0;
    // What is older does not put off the time after which nothing is: one stray packet would end all hearing.
    if (isKnown && timestampAfter(timestamp, this.#timestamp) < 0) return null;
    this.#heardAt = now;
    this.#event = event;
    this.#timestamp = timestamp;
    this.#duration = payload.readUInt16BE(2);
    this.#ended = isKnown ? this.#ended || ends : ends;
    return isKnown ? null : digit;
  }

  /** Whether it belongs to the last digit, or to one before it and came late. */
  #isKnown(event: number, timestamp: number, marker: boolean, now: number): boolean {
    if (now - this.#heardAt > LONGEST_LATE_MS) return false;
    const after = timestampAfter(timestamp, this.#timestamp);
    if (after <= 0) return true;
    // A long press goes on under a new timestamp (2.5.1.3), and some phones give each packet its own.
    return event === this.#event && !this.#ended && !marker && after <= this.#duration;
  }
}

/** What is sent for each digit, in ms. Shorter: some PBX miss it. Longer: a PIN takes long to send. */
const DIGIT_MS = 120;
const PAUSE_MS = 80;
/** The end is sent three times, as it may be lost (2.5.1.4). */
const ENDS = 3;
/** -10 dBm0, what most phones say. */
const VOLUME = 10;

export interface EventPacket {
  payload: Buffer;
  marker: boolean;
  /** Since the timestamp of the digit's first packet, which all its packets have, in frames. */
  frame: number;
}

/** Sends digits one after the other, a packet each frame. */
export class DigitSender {
  readonly #ticksPerFrame: number;
  readonly #waiting: string[] = [];
  #frame = 0;

  /** @param clockRate of the events' RTP timestamps, ticks a second */
  constructor(clockRate: number) {
    this.#ticksPerFrame = (clockRate * FRAME_MS) / 1_000;
  }

  send(digits: string): void {
    this.#waiting.push(...Array.from(digits));
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** What goes out in this frame in the place of sound; null when it is sound's turn. */
  next(): EventPacket | null {
    const digit = this.#waiting[0];
    if (digit === undefined) return null;
    const last = DIGIT_MS / FRAME_MS + ENDS - 1;
    const frame = this.#frame;
    this.#frame += 1;
    if (frame > last) {
      if (frame >= last + PAUSE_MS / FRAME_MS) {
        this.#waiting.shift();
        this.#frame = 0;
      }
      return null;
    }
    const ends = frame >= DIGIT_MS / FRAME_MS;
    const duration = Math.min(frame + 1, DIGIT_MS / FRAME_MS) * this.#ticksPerFrame;
    const payload = Buffer.from([DIGITS.indexOf(digit), (ends ? 0x80 : 0) | VOLUME, 0, 0]);
    payload.writeUInt16BE(duration, 2);
    return { payload, marker: frame === 0, frame };
  }
}
