/** An RTP stream of ours: numbers its packets and counts them. */
import { randomUint32, writeRtp, writeRtpWithLevel } from './rtp.ts';
import type { SenderState } from './rtcp.ts';

export interface StreamOptions {
  ssrc: number;
  /** Id of the audio level's header extension, if packets are to say it. */
  levelExtensionId: number | null;
}

export class OutgoingStream {
  readonly #options: StreamOptions;
  #sequence = randomUint32() & 0xffff;
  #timestamp = randomUint32();
  #packets = 0;
  #octets = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get packets(): number {
    return this.#packets;
  }

  get timestamp(): number {
    return this.#timestamp;
  }

  /** Moves its time on by so many clock ticks. */
  elapse(ticks: number): void {
    this.#timestamp = (this.#timestamp + ticks) >>> 0;
  }

  /**
   * The next packet, to be sent now.
   * @param level in -dBov
   * @param back how many ticks ago its timestamp was
   */
  packet(payloadType: number, payload: Uint8Array, marker: boolean, level: number, back = 0): Buffer {
    const { ssrc, levelExtensionId } = this.#options;
    const header = {
      payloadType,
      sequence: this.#sequence,
      timestamp: (this.#timestamp - back) >>> 0,
      ssrc,
      marker,
    };
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#octets += payload.length;
    return levelExtensionId === null
      ? writeRtp(header, payload)
      : writeRtpWithLevel(header, payload, levelExtensionId, level);
  }

  /** For a sender report. */
  state(): SenderState {
    return {
      ssrc: this.#options.ssrc,
      rtpTimestamp: this.#timestamp,
      packets: this.#packets,
      octets: this.#octets,
    };
  }
}
