/** A bridge's end of a room's media, without a bridge: plain RTP over a socket, to a real worker. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { ParticipantId, PublicationId } from '../../server/conference/model.ts';
import type { BridgeEvents, CallerPublication, MediaBridge } from '../../server/conference/ports.ts';
import type { BridgeLink } from '../../server/signalling/contract/bridge-words.ts';
import type { RtcRoom } from './rtc-participant.ts';
import { isRtcp, receiverReport, rtpHeader, ssrcOf } from './rtp.ts';

export class BridgeEnd implements BridgeEvents {
  /** SSRCs that the server says it sends. */
  readonly voices = new Set<number>();
  /** When packets of each SSRC came, by `performance.now()`. */
  readonly times = new Map<number, number[]>();
  resets = 0;
  readonly #callers: Caller[] = [];
  readonly #socket: Socket;
  #media: MediaBridge | null = null;
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

  static async open(room: RtcRoom): Promise<BridgeEnd> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const end = new BridgeEnd(socket);
    end.#media = await room.media.connectBridge(end);
    end.#learn(end.#media.link);
    return end;
  }

  get media(): MediaBridge {
    if (!this.#media) throw new Error('The bridge is not there yet.');
    return this.#media;
  }

  async call(caller: ParticipantId, id: PublicationId): Promise<Caller> {
    const publication = await this.media.publish(caller, { id, muted: false });
    const speaker = new Caller(
      publication,
      (packet) => this.send(packet),
      () => this.link,
    );
    this.#callers.push(speaker);
    return speaker;
  }

  get link(): BridgeLink {
    if (!this.#link) throw new Error('The bridge is not there yet.');
    return this.#link;
  }

  /** Packets that came within the last `ms`, by SSRC. */
  heardIn(ms: number): number[] {
    const since = performance.now() - ms;
    return [...this.times].filter(([, times]) => (times.at(-1) ?? 0) > since).map(([ssrc]) => ssrc);
  }

  send(packet: Buffer): void {
    this.#socket.send(packet, this.link.port, this.link.ip);
  }

  close(): void {
    for (const caller of this.#callers) caller.hush();
    this.#media?.close();
    this.#socket.close();
  }

  voiceOpened(ssrc: number): void {
    this.voices.add(ssrc);
  }

  voiceClosed(ssrc: number): void {
    this.voices.delete(ssrc);
  }

  reset(link: BridgeLink): void {
    this.resets += 1;
    this.voices.clear();
    this.#learn(link);
  }

  /** The server learns from the first packet where the bridge is. */
  #learn(link: BridgeLink): void {
    this.#link = link;
    this.send(receiverReport(1));
  }
}

/** Speaks as one caller. */
export class Caller {
  readonly publication: CallerPublication;
  readonly #send: (packet: Buffer) => void;
  readonly #link: () => BridgeLink;
  #sequence = 1;
  #timer: NodeJS.Timeout | null = null;

  constructor(publication: CallerPublication, send: (packet: Buffer) => void, link: () => BridgeLink) {
    this.publication = publication;
    this.#send = send;
    this.#link = link;
  }

  /** A packet each 20 ms at `level` -dBov, until `hush`. */
  speak(level = 30): void {
    this.hush();
    this.#timer = setInterval(() => {
      const sequence = this.#sequence++;
      const { opusPayloadType: payloadType, levelExtensionId } = this.#link();
      const { ssrc } = this.publication;
      const header = rtpHeader(
        { payloadType, sequence, timestamp: sequence * 960, ssrc },
        level,
        levelExtensionId,
      );
      this.#send(Buffer.concat([header, Buffer.alloc(60, 0x55)]));
    }, 20);
  }

  hush(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
