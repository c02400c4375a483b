/** What one phone sends: its packets told apart, counted and measured, before any of them is played. */
import type { Agreement } from '../leg/negotiation.ts';
import type { Decoder } from './codec.ts';
import { DigitReceiver } from './dtmf.ts';
import { Reception } from './reception.ts';
import { readRtp } from './rtp.ts';
import type { RtpPacket } from './rtp.ts';
import type { Voice } from './voice.ts';

/** How long a phone may send nothing before its media counts as lost, in ms. */
const LONGEST_SILENCE_MS = 30_000;

export interface IncomingEvents {
  onDigit(digit: string): void;
  /** A packet of the phone's voice. @param level in -dBov */
  onVoice(packet: RtpPacket, level: number, now: number): void;
  onArrived(): void;
  onLost(): void;
}

export class Incoming {
  readonly reception = new Reception(8_000);
  readonly #events: IncomingEvents;
  readonly #digits = new DigitReceiver();
  #agreement: Agreement | null = null;
  /** Hears each packet as it comes, only to know how loud it is. */
  #meter: Decoder | null = null;
  #voice: Voice | null = null;
  /** When the last sign of life came; null before the phone is expected to send. */
  #heardAt: number | null = null;
  #arrived = false;

  constructor(events: IncomingEvents) {
    this.#events = events;
  }

  /**
   * Takes packets so from now on.
   * @param codec when it is another: what plays the packets, and what measures them, which belongs to this
   * @param now in ms
   */
  agree(agreement: Agreement, codec: { meter: Decoder; voice: Voice } | null, now: number): void {
    this.#agreement = agreement;
    if (codec) {
      this.#meter?.close();
      this.#meter = codec.meter;
      this.#voice = codec.voice;
      this.reception.clockRate = codec.meter.clockRate;
    }
    // A phone that was held had no need to send.
    this.#heardAt = now;
  }

  /** An RTP packet. @param now in ms */
  receive(packet: Buffer, now: number): void {
    const agreement = this.#agreement;
    const meter = this.#meter;
    const voice = this.#voice;
    if (!agreement || !meter || !voice) return;
    const rtp = readRtp(packet, agreement.levelExtensionId);
    if (!rtp) return;
    const isDigit = agreement.digitPayloadTypes.includes(rtp.payloadType);
    const isNoise = rtp.payloadType === agreement.comfortNoise;
    const isSound = rtp.payloadType === agreement.receivedPayloadType;
    if (!isDigit && !isNoise && !isSound) return;
    this.reception.observe(rtp, !isDigit, now);
    this.#alive(now);
    if (isDigit) {
      const digit = this.#digits.receive(rtp, now);
      if (digit !== null) this.#events.onDigit(digit);
    }
    // A held caller's music is nobody's business.
    if (agreement.direction !== 'sendrecv') return;
    if (isSound) {
      const level = rtp.level ?? meter.measure(rtp.payload);
      rtp.level = level;
      voice.push(rtp, false, now);
      this.#events.onVoice(rtp, level, now);
    } else {
      // Neither noise nor digits are heard, but their numbers are no hole in the voice.
      voice.push(rtp, true, now);
    }
  }

  /** RTCP is a sign of life, too: a phone that is muted may send nothing else. */
  receiveReport(now: number): void {
    if (this.#arrived) this.#heardAt = now;
  }

  /** To be called now and then. */
  check(now: number): void {
    const waits = this.#agreement?.direction === 'sendrecv';
    if (!waits || this.#heardAt === null || now - this.#heardAt < LONGEST_SILENCE_MS) return;
    this.#heardAt = null;
    this.#arrived = false;
    this.#events.onLost();
  }

  close(): void {
    this.#meter?.close();
    this.#meter = null;
    this.#agreement = null;
  }

  #alive(now: number): void {
    this.#heardAt = now;
    if (this.#arrived) return;
    this.#arrived = true;
    this.#events.onArrived();
  }
}
