/** What a stream's receiver knows of it: loss and jitter, as RFC 3550 (A.3, A.8) counts them. Pure. */
import { sequenceAfter, timestampAfter } from './rtp.ts';

/** A jump of the sequence numbers by more than this is a new stream, not that much loss. */
const LONGEST_JUMP = 3_000;

export interface ReceptionReport {
  ssrc: number;
  /** Of the packets since the last report, in 256ths. */
  fractionLost: number;
  packetsLost: number;
  highestSequence: number;
  /** In RTP clock ticks. */
  jitter: number;
}

export class Reception {
  /** Clock ticks a second; a codec that changes within the stream changes it. */
  clockRate: number;
  #ssrc: number | null = null;
  #base = 0;
  #highest = 0;
  #received = 0;
  /** Of streams that this one has taken the place of. */
  #lostBefore = 0;
  #receivedBefore = 0;
  #transit: number | null = null;
  #jitter = 0;
  #expectedAtReport = 0;
  #receivedAtReport = 0;
  #timestamp = 0;

  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  get ssrc(): number | null {
    return this.#ssrc;
  }

  get packetsReceived(): number {
    return this.#receivedBefore + this.#received;
  }

  get packetsLost(): number {
    return this.#lostBefore + Math.max(0, this.#expected - this.#received);
  }

  get jitterMs(): number {
    return (this.#jitter * 1_000) / this.clockRate;
  }

  /** @param timed whether its timestamp is when it was sent, as a telephone event's is not */
  observe(packet: { ssrc: number; sequence: number; timestamp: number }, timed: boolean, now: number): void {
    const after = sequenceAfter(packet.sequence, this.#highest & 0xffff);
    if (packet.ssrc !== this.#ssrc || Math.abs(after) > LONGEST_JUMP) this.#begin(packet);
    else if (after > 0) this.#highest += after;
    this.#received += 1;
    if (!timed) return;
    const arrival = (now * this.clockRate) / 1_000;
    if (this.#transit !== null) {
      const sent = timestampAfter(packet.timestamp, this.#timestamp);
      // After a pause, or a jump of the clock, the difference says nothing of the network.
      const difference = Math.abs(arrival - this.#transit - sent);
      if (difference < this.clockRate) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = arrival;
    this.#timestamp = packet.timestamp;
  }

  /** For an RTCP report; begins the next interval. Null before the first packet. */
  report(): ReceptionReport | null {
    if (this.#ssrc === null) return null;
    const expected = this.#expected - this.#expectedAtReport;
    const lost = expected - (this.#received - this.#receivedAtReport);
    this.#expectedAtReport = this.#expected;
    this.#receivedAtReport = this.#received;
    return {
      ssrc: this.#ssrc,
      fractionLost: expected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      packetsLost: Math.min(0x7f_ffff, Math.max(0, this.#expected - this.#received)),
      highestSequence: this.#highest >>> 0,
      jitter: Math.round(this.#jitter),
    };
  }

  get #expected(): number {
    return this.#ssrc === null ? 0 : this.#highest - this.#base + 1;
  }

  #begin(packet: { ssrc: number; sequence: number }): void {
    this.#lostBefore = this.packetsLost;
    this.#receivedBefore += this.#received;
    this.#ssrc = packet.ssrc;
    this.#base = packet.sequence;
    this.#highest = packet.sequence;
    this.#received = 0;
    this.#transit = null;
    this.#expectedAtReport = 0;
    this.#receivedAtReport = 0;
  }
}
