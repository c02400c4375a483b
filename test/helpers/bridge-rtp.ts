/** A bridge's end of a room's RTP, without a bridge: packets over a socket, to a real worker. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { BridgeLink } from '../../server/signalling/contract/bridge-words.ts';
import { isRtcp, receiverReport, rtpHeader, ssrcOf } from './rtp.ts';

const FRAME_MS = 20;
const TICKS_PER_FRAME = 960;

export class BridgeRtp {
  /** When packets of each SSRC came, by `performance.now()`. */
  readonly times = new Map<number, number[]>();
  readonly #socket: Socket;
  readonly #voices: CallerVoice[] = [];
  #closed = false;
  #link: BridgeLink | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (packet) => {
      if (isRtcp(packet)) return;
      const times = this.times.get(ssrcOf(packet)) ?? [];
      times.push(performance.now());
      this.times.set(ssrcOf(packet), times);
    });
  }

  static async open(): Promise<BridgeRtp> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new BridgeRtp(socket);
  }

  get link(): BridgeLink {
    if (!this.#link) throw new Error('The bridge is not there yet.');
    return this.#link;
  }

  /** Goes on over another link, if it is another. The server learns from the first packet where the bridge is. */
  follow(link: BridgeLink): void {
    if (this.#link?.port === link.port) return;
    this.#link = link;
    this.send(receiverReport(1));
  }

  /** What one caller says. */
  voice(ssrc: number): CallerVoice {
    const voice = new CallerVoice(this, ssrc);
    this.#voices.push(voice);
    return voice;
  }

  /** Streams of which packets came within the last `ms`. */
  heardIn(ms: number): number[] {
    const since = performance.now() - ms;
    return [...this.times].filter(([, times]) => (times.at(-1) ?? 0) > since).map(([ssrc]) => ssrc);
  }

  /** Nothing once it is closed: of a bridge that is cut off, the socket to the server may tell of a link later. */
  send(packet: Buffer): void {
    if (this.#closed) return;
    this.#socket.send(packet, this.link.port, this.link.ip);
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const voice of this.#voices) voice.hush();
    this.#socket.close();
  }
}

/** Speaks as one caller. There is no sound in it. */
export class CallerVoice {
  readonly ssrc: number;
  readonly #rtp: BridgeRtp;
  #sequence = 1;
  #timer: NodeJS.Timeout | null = null;

  constructor(rtp: BridgeRtp, ssrc: number) {
    this.#rtp = rtp;
    this.ssrc = ssrc;
  }

  /** A packet each 20 ms at `level` -dBov, until `hush`. */
  speak(level = 30): void {
    this.hush();
    this.#timer = setInterval(() => {
      const sequence = this.#sequence++;
      const { opusPayloadType: payloadType, levelExtensionId } = this.#rtp.link;
      const header = rtpHeader(
        { payloadType, sequence, timestamp: sequence * TICKS_PER_FRAME, ssrc: this.ssrc },
        level,
        levelExtensionId,
      );
      this.#rtp.send(Buffer.concat([header, Buffer.alloc(60, 0x55)]));
    }, FRAME_MS);
  }

  hush(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
