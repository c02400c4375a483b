/**
 * One caller's voice on its way into the room, as one Opus stream with the level in each packet (RFC 6464). An Opus
 * caller's packets pass as they are; others are encoded, while there is a voice in them.
 */
import type { Encoder } from './codec.ts';
import { Gate } from './loudness.ts';
import type { SenderState } from './rtcp.ts';
import { randomUint32, sequenceAfter, timestampAfter, writeRtpWithLevel } from './rtp.ts';
import type { RtpPacket } from './rtp.ts';
import { FRAME_SAMPLES, SILENCE, levelOf } from './sound.ts';
import { OPUS_PAUSE } from './opus.ts';
import { OutgoingStream } from './stream.ts';

/** Where a room takes a caller's voice. */
export interface RoomWay {
  ssrc: number;
  payloadType: number;
  levelExtensionId: number;
  send(packet: Buffer): void;
}

export interface Uplink {
  /**
   * A packet of the caller's, as it comes.
   * @param level in -dBov
   * @param now in ms
   */
  pass(packet: RtpPacket, level: number, now: number): void;
  /** A frame of the caller's voice, as the mix has it; once a frame, null while the caller is muted or held. */
  speak(frame: Float32Array | null): void;
  /** For a sender report. */
  state(): SenderState;
  close(): void;
}

/** Opus runs by 48 ticks a ms, whatever it carries. */
const TICKS_PER_MS = 48;
/** A jump of the caller's numbers by more than this is another stream, which goes on where the last one ended. */
const LONGEST_JUMP = 3_000;

/** Passes packets with new numbers; what is lost stays lost, so that browsers mend it in their own way. */
export class PassedUplink implements Uplink {
  readonly #way: RoomWay;
  /** Which of the caller's packets our numbers are counted from; null after a rest. */
  #from: { ssrc: number; sequence: number; timestamp: number } | null = null;
  /** Ours at that packet. */
  #sequence = randomUint32() & 0xffff;
  #timestamp = randomUint32();
  /** Our newest packet, and when it was sent. */
  #newest = { sequence: this.#sequence, timestamp: this.#timestamp, at: 0 };
  #packets = 0;
  #octets = 0;

  constructor(way: RoomWay) {
    this.#way = way;
  }

  pass(packet: RtpPacket, level: number, now: number): void {
    const marker = this.#begins(packet);
    if (marker) {
      const restMs = Math.max(0, now - this.#newest.at);
      this.#sequence = (this.#newest.sequence + 1) & 0xffff;
      this.#timestamp = (this.#newest.timestamp + Math.round(restMs) * TICKS_PER_MS) >>> 0;
      this.#from = packet;
    }
    const from = this.#from ?? packet;
    const sequence = (this.#sequence + sequenceAfter(packet.sequence, from.sequence)) & 0xffff;
    const timestamp = (this.#timestamp + timestampAfter(packet.timestamp, from.timestamp)) >>> 0;
    if (marker || sequenceAfter(sequence, this.#newest.sequence) > 0) {
      this.#newest = { sequence, timestamp, at: now };
    }
    this.#packets += 1;
    this.#octets += packet.payload.length;
    const { ssrc, payloadType, levelExtensionId } = this.#way;
    const header = { ssrc, payloadType, sequence, timestamp, marker: marker || packet.marker };
    this.#way.send(writeRtpWithLevel(header, packet.payload, levelExtensionId, level));
  }

  speak(frame: Float32Array | null): void {
    // What is said passes as it comes; what comes after a rest is counted anew.
    if (!frame) this.#from = null;
  }

  state(): SenderState {
    const { timestamp } = this.#newest;
    return { ssrc: this.#way.ssrc, rtpTimestamp: timestamp, packets: this.#packets, octets: this.#octets };
  }

  close(): void {
    this.#from = null;
  }

  /** Our numbers are anchored anew, but often enough that no difference grows beyond what numbers can hold. */
  #begins(packet: RtpPacket): boolean {
    const from = this.#from;
    if (!from || from.ssrc !== packet.ssrc) return true;
    const after = sequenceAfter(packet.sequence, from.sequence);
    const sinceNewest = sequenceAfter((this.#sequence + after) & 0xffff, this.#newest.sequence);
    if (Math.abs(sinceNewest) > LONGEST_JUMP) return true;
    if (after > 2 * LONGEST_JUMP && sinceNewest > 0) {
      this.#sequence = (this.#sequence + after) & 0xffff;
      this.#timestamp = (this.#timestamp + timestampAfter(packet.timestamp, from.timestamp)) >>> 0;
      this.#from = packet;
    }
    return false;
  }
}

/** While nobody speaks, one packet in so many frames: each 400 ms, as Opus' own DTX. */
const KEEP_ALIVE_FRAMES = 20;

/**
 * Frames of silence after a voice that ends at once, as when its caller is held: Opus' decoder fills pauses with noise
 * like the last it heard, and would hum on. Higher: surer, but more is encoded.
 */
const SILENT_FRAMES = 4;
const SILENT_FRAME = new Float32Array(FRAME_SAMPLES);

/** Encodes a voice while there is one. */
export class EncodedUplink implements Uplink {
  readonly #way: RoomWay;
  readonly #encoder: Encoder;
  readonly #stream: OutgoingStream;
  readonly #gate = new Gate();
  #restFrames = 0;
  #silentFrames = 0;

  /** The encoder belongs to the uplink from now on. */
  constructor(way: RoomWay, encoder: Encoder) {
    this.#way = way;
    this.#encoder = encoder;
    this.#stream = new OutgoingStream(way);
  }

  pass(): void {
    // What comes is heard by the mix first.
  }

  speak(frame: Float32Array | null): void {
    const level = frame ? levelOf(frame) : SILENCE;
    if (frame && this.#gate.isOpen(level)) {
      this.#send(this.#encoder.encode(frame), level);
      this.#restFrames = 0;
      this.#silentFrames = SILENT_FRAMES;
    } else if (this.#silentFrames > 0) {
      this.#send(this.#encoder.encode(SILENT_FRAME), SILENCE);
      this.#silentFrames -= 1;
    } else {
      if (this.#restFrames % KEEP_ALIVE_FRAMES === 0) this.#send(OPUS_PAUSE, SILENCE);
      this.#restFrames += 1;
    }
    this.#stream.elapse(this.#encoder.ticksPerFrame);
  }

  state(): SenderState {
    return this.#stream.state();
  }

  close(): void {
    this.#encoder.close();
  }

  #send(payload: Uint8Array, level: number): void {
    const marker = this.#restFrames > 0 && payload !== OPUS_PAUSE;
    this.#way.send(this.#stream.packet(this.#way.payloadType, payload, marker, level));
  }
}
