/** One room's RTP to and from the SFU, on one UDP port, and its mix. */
import type { Socket } from 'node:dgram';
import { isRtcp } from '../leg/leg.ts';
import { SrtpKeys } from '../leg/srtp.ts';
import { bound } from '../leg/udp.ts';
import { openDecoder } from './codec.ts';
import { type Mix, Source } from './mix.ts';
import { MediaError } from './protocol.ts';
import type { ParsedParams } from './protocol.ts';
import { writeReport } from './rtcp.ts';
import { randomUint32, readRtp } from './rtp.ts';
import type { RoomWay, Uplink } from './uplink.ts';
import { Voice } from './voice.ts';

/** How often the SFU gets reports, in ms: by them it learns where we are, and that we live. */
const REPORT_MS = 1_000;

export type RoomOptions = ParsedParams<'openRoom'>;

export class Room {
  readonly mix: Mix;
  /** Callers' voices on their way to the SFU. */
  readonly uplinks = new Set<Uplink>();
  readonly #options: RoomOptions;
  readonly #socket: Socket;
  readonly #clock: () => number;
  readonly #sending: SrtpKeys | null;
  readonly #receiving: SrtpKeys | null;
  readonly #voices = new Map<number, Source>();
  /** Of our reports when no caller sends anything. */
  readonly #ssrc = randomUint32();
  #reportAt = 0;
  #closed = false;

  private constructor(options: RoomOptions, mix: Mix, socket: Socket, clock: () => number) {
    this.#options = options;
    this.mix = mix;
    mix.wantedVoices = options.wantedVoices;
    this.#socket = socket;
    this.#clock = clock;
    const { srtp } = options;
    this.#sending = srtp ? keysOf(srtp.local) : null;
    this.#receiving = srtp ? keysOf(srtp.remote) : null;
    socket.on('message', (packet) => this.#received(packet));
  }

  /**
   * @param mix without anybody in it; it belongs to the room from now on
   * @param clock in ms; only goes forwards
   * @throws MediaError `no-port`, or `malformed` when a key is none
   */
  static async open(options: RoomOptions, mix: Mix, clock: () => number): Promise<Room> {
    const socket = await bound(options.listenIp, 0);
    if (!socket) throw new MediaError('no-port', 'There is no free UDP port for the room.');
    try {
      return new Room(options, mix, socket, clock);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Where the SFU's packets come to. */
  get local(): { ip: string; port: number } {
    return { ip: this.#options.listenIp, port: this.#socket.address().port };
  }

  /** A stream that the SFU sends. Idempotent. */
  async addVoice(ssrc: number): Promise<void> {
    if (this.#voices.has(ssrc)) return;
    const voice = new Voice(await openDecoder('opus'));
    if (this.#closed || this.#voices.has(ssrc)) {
      voice.close();
      return;
    }
    const source = new Source(voice);
    this.#voices.set(ssrc, source);
    this.mix.sources.add(source);
  }

  /** Idempotent. */
  removeVoice(ssrc: number): void {
    const source = this.#voices.get(ssrc);
    if (!source) return;
    this.#voices.delete(ssrc);
    this.mix.sources.delete(source);
    source.voice.close();
  }

  /** How a caller's voice gets to the SFU. */
  wayFor(ssrc: number): RoomWay {
    return {
      ssrc,
      payloadType: this.#options.opusPayloadType,
      levelExtensionId: this.#options.levelExtensionId,
      send: (packet) => this.#send(packet, false),
    };
  }

  /** Goes on by one frame. @param now in ms */
  tick(now: number): void {
    this.mix.mixOnce(now);
    if (now < this.#reportAt) return;
    this.#reportAt = now + REPORT_MS;
    const nobody = { ssrc: this.#ssrc, rtpTimestamp: 0, packets: 0, octets: 0 };
    const states = [...this.uplinks].map((uplink) => uplink.state());
    for (const state of states.length > 0 ? states : [nobody]) {
      this.#send(writeReport(state, null, { lastReport: 0, at: 0 }, Date.now(), now), true);
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    for (const ssrc of [...this.#voices.keys()]) this.removeVoice(ssrc);
    this.mix.close();
  }

  #received(packet: Buffer): void {
    if (isRtcp(packet)) return;
    const clear = this.#receiving ? this.#receiving.unprotect(packet, false) : packet;
    const rtp = clear && readRtp(clear, this.#options.levelExtensionId);
    if (!rtp || rtp.payloadType !== this.#options.opusPayloadType) return;
    this.#voices.get(rtp.ssrc)?.voice.push(rtp, false, this.#clock());
  }

  #send(packet: Buffer, rtcp: boolean): void {
    if (this.#closed) return;
    const { ip, port } = this.#options.remote;
    this.#socket.send(this.#sending ? this.#sending.protect(packet, rtcp) : packet, port, ip);
  }
}

function keysOf({ suite, keyBase64 }: NonNullable<RoomOptions['srtp']>['local']): SrtpKeys {
  try {
    return new SrtpKeys(suite, Buffer.from(keyBase64, 'base64'));
  } catch {
    throw new MediaError('malformed', 'An SRTP key of the room has the wrong length.');
  }
}
