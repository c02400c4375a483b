/**
 * Puts a voice's packets in order and decides when each is played: as early as the network's jitter allows, and no
 * later. Tells what was lost from what was never sent (DTX). Pure: it reads no clock.
 */
import { DelayEstimate } from './delay.ts';
import { sequenceAfter, timestampAfter } from './rtp.ts';
import { FRAME_MS } from './sound.ts';

export interface VoicePacket {
  sequence: number;
  /** In RTP clock ticks. */
  timestamp: number;
  durationMs: number;
  /** In -dBov; null when nobody has measured it. */
  level: number | null;
  /** The sender pauses after it: DTX, or comfort noise. */
  pause: boolean;
  payload: Uint8Array;
}

/** What comes next in a voice. */
export type Next =
  | { kind: 'packet'; packet: VoicePacket }
  /** It will not come any more: packets after it have their turn. `following` is the one right after it. */
  | { kind: 'lost'; durationMs: number; following: VoicePacket | null }
  /** It should be here and is not. */
  | { kind: 'late' }
  /** Nothing is to be heard. */
  | { kind: 'pause' };

/** A hole longer than this, in ms, is not concealed: nobody can guess that much of a word. */
const LONGEST_CONCEALED_MS = 120;
/** How long a voice that just stops is waited for, in ms, before it counts as a pause. */
const LONGEST_WAIT_MS = 100;
/** A jump of the timestamps by more than this, in ms, is another stream in the same clothes. */
const LONGEST_JUMP_MS = 5_000;
/** Packets held at most: what came in one burst after a stall. */
const MOST_PACKETS = 64;

interface Held {
  packet: VoicePacket;
  /** Unwrapped sequence number. */
  order: number;
  /** Unwrapped timestamp in ms. */
  time: number;
}

const LATE: Next = { kind: 'late' };
const PAUSE: Next = { kind: 'pause' };

export class JitterBuffer {
  readonly #ticksPerMs: number;
  readonly #delay = new DelayEstimate();
  #held: Held[] = [];
  #newest: Held | null = null;
  /** The sender's time of what is played next, in ms; null when nothing is being played. */
  #playhead: number | null = null;
  #playedOrder = 0;
  #pausing = true;
  #waitedMs = 0;
  #tooLate = 0;

  /** @param clockRate RTP clock ticks a second */
  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1_000;
  }

  /** How long packets are held so that the late ones are there in time, in ms. */
  get targetMs(): number {
    return this.#delay.targetMs;
  }

  /** Packets that came after their time and were not played. */
  get tooLate(): number {
    return this.#tooLate;
  }

  /** @param now when it came, in ms of a clock that only goes forwards */
  push(packet: VoicePacket, now: number): void {
    const held = this.#unwrap(packet, now);
    this.#delay.observe(now - held.time);
    if (this.#playhead !== null && held.time + packet.durationMs <= this.#playhead) {
      if (!packet.pause) this.#tooLate += 1;
      return;
    }
    let at = this.#held.length;
    while (at > 0 && (this.#held[at - 1]?.order ?? 0) > held.order) at -= 1;
    if (this.#held[at - 1]?.order === held.order) return;
    this.#held.splice(at, 0, held);
    if (this.#held.length > MOST_PACKETS) this.#held.shift();
  }

  /** Takes what is next. To be asked again until a frame is full. */
  take(now: number): Next {
    this.#forgetPlayed();
    const head = this.#held[0];
    if (!head) return this.#nothing();
    if (this.#playhead === null) return this.#isDue(head, now) ? this.#play(head) : PAUSE;
    const gapMs = head.time - this.#playhead;
    if (gapMs < 1) return this.#play(head);
    const missing = head.order !== this.#playedOrder + 1;
    if (!missing || this.#pausing || gapMs > LONGEST_CONCEALED_MS) {
      return this.#isDue(head, now) ? this.#play(head) : PAUSE;
    }
    const durationMs = Math.min(gapMs, FRAME_MS);
    this.#playhead += durationMs;
    return { kind: 'lost', durationMs, following: gapMs <= FRAME_MS + 1 ? head.packet : null };
  }

  /** Whether the sound goes on with a packet that is here. */
  get hasNext(): boolean {
    const head = this.#held[0];
    return head !== undefined && this.#playhead !== null && head.time - this.#playhead < 1;
  }

  /**
   * How much later than necessary the voice is played, in ms; below 0, how much too early for its jitter.
   * @param queuedMs what was taken and has not been played
   */
  excessMs(now: number, queuedMs: number): number {
    if (this.#playhead === null || this.#pausing) return 0;
    return this.#wantedPlayhead(now) - (this.#playhead - queuedMs);
  }

  /** Lets go what should have been played already, after a stall. */
  skip(now: number): void {
    const wanted = this.#wantedPlayhead(now);
    while (this.#held[0] && this.#held[0].time + this.#held[0].packet.durationMs <= wanted) {
      this.#held.shift();
    }
    this.#playhead = null;
  }

  #wantedPlayhead(now: number): number {
    return now - this.#delay.quickestMs - this.#delay.targetMs;
  }

  #isDue(head: Held, now: number): boolean {
    return head.time <= this.#wantedPlayhead(now);
  }

  #play(head: Held): Next {
    this.#held.shift();
    this.#playhead = head.time + head.packet.durationMs;
    this.#playedOrder = head.order;
    this.#pausing = head.packet.pause;
    this.#waitedMs = 0;
    return { kind: 'packet', packet: head.packet };
  }

  /** The playhead stands still while a packet is late: it is played when it comes, and the delay has grown. */
  #nothing(): Next {
    if (this.#playhead === null || this.#pausing) return PAUSE;
    this.#waitedMs += FRAME_MS;
    if (this.#waitedMs <= LONGEST_WAIT_MS) return LATE;
    this.#playhead = null;
    return PAUSE;
  }

  #forgetPlayed(): void {
    if (this.#playhead === null) return;
    while (this.#held[0] && this.#held[0].time + this.#held[0].packet.durationMs <= this.#playhead) {
      if (!this.#held.shift()?.packet.pause) this.#tooLate += 1;
    }
  }

  #unwrap(packet: VoicePacket, now: number): Held {
    const newest = this.#newest;
    if (!newest) return this.#restart(packet, now);
    const order = newest.order + sequenceAfter(packet.sequence, newest.packet.sequence);
    const time = newest.time + timestampAfter(packet.timestamp, newest.packet.timestamp) / this.#ticksPerMs;
    // Measured against the clock, as a pause of any length may lie between two packets.
    const jumpMs = now - time - this.#delay.quickestMs;
    if (Math.abs(jumpMs) > LONGEST_JUMP_MS) return this.#restart(packet, now);
    const held = { packet, order, time };
    if (order > newest.order) this.#newest = held;
    return held;
  }

  #restart(packet: VoicePacket, now: number): Held {
    this.#held = [];
    this.#playhead = null;
    this.#pausing = true;
    this.#delay.restart();
    const held = { packet, order: packet.sequence, time: now };
    this.#newest = held;
    return held;
  }
}
