/** Microphones and cameras of the generator: what browsers send of both, without sound or picture in it. */
import { randomInt } from 'node:crypto';
import { keyFrameRequests, senderReport } from '../../helpers/rtp.ts';
import type { RtpParameters } from '../../../server/signalling/contract.ts';
import type { SendClock } from './clock.ts';
import { EXTENSIONS, LEAST_VIDEO_BYTES, PAYLOAD_TYPES, PacketWriter } from './packets.ts';

/** Sends one packet. @returns whether it went out */
export type Send = (packet: Buffer) => boolean;

const SENDER_REPORT_MS = 1_000;
/** Most of a picture that one packet carries, in bytes: with headers and SRTP below any network's limit. */
const MOST_VIDEO_BYTES = 1_100;

/** A voice of 40 kbit/s, and what is sent in silence (DTX): one small packet in twenty. */
const VOICE = { intervalMs: 20, ticks: 960, bytes: 100, level: 30 } as const;
const SILENCE = { intervalMs: 400, ticks: 19_200, bytes: 12, level: 127 } as const;

export class Microphone {
  readonly ssrc = randomInt(1, 0xffff_ffff);
  /** Packets that went out. */
  sent = 0;
  readonly #clock: SendClock;
  readonly #send: Send;
  readonly #writer: PacketWriter;
  #timestamp = 0;
  #reportAt = 0;
  #stop = (): void => {};

  constructor(clock: SendClock, send: Send, mid = '0') {
    this.#clock = clock;
    this.#send = send;
    this.#writer = new PacketWriter({ kind: 'audio', ssrc: this.ssrc, mid });
  }

  /** As a browser says it with `publish`. */
  get rtpParameters(): RtpParameters {
    return {
      mid: '0',
      codecs: [
        {
          mimeType: 'audio/opus',
          payloadType: PAYLOAD_TYPES.audio,
          clockRate: 48_000,
          channels: 2,
          parameters: { useinbandfec: 1, usedtx: 1 },
        },
      ],
      headerExtensions: [EXTENSIONS.mid, EXTENSIONS.level],
      encodings: [{ ssrc: this.ssrc, dtx: true }],
      rtcp: { cname: `microphone-${this.ssrc}` },
    };
  }

  speak(): void {
    this.#start(VOICE);
  }

  /** Is open, and nobody speaks. */
  listen(): void {
    this.#start(SILENCE);
  }

  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }

  #start({ intervalMs, ticks, bytes, level }: typeof VOICE | typeof SILENCE): void {
    this.stop();
    this.#stop = this.#clock.each(intervalMs, (now) => {
      this.#timestamp += ticks;
      if (this.#send(this.#writer.audio(this.#timestamp, level, bytes, now))) this.sent += 1;
      if (now < this.#reportAt) return;
      this.#reportAt = now + SENDER_REPORT_MS;
      this.#send(senderReport(this.ssrc, this.#timestamp, Date.now()));
    });
  }
}

/** Frames a second of each layer. */
const FRAME_RATE = 25;
const FRAME_TICKS = 90_000 / FRAME_RATE;
/** Simulcast layers as browsers send them, the lowest first. */
const LAYERS = [
  { rid: 'r0', bitrate: 150_000 },
  { rid: 'r1', bitrate: 500_000 },
  { rid: 'r2', bitrate: 1_500_000 },
] as const;
/** Three temporal layers, and how large a frame of each is beside the mean. */
const TEMPORAL_PATTERN = [0, 2, 1, 2] as const;
const TEMPORAL_SIZES = [1.5, 1, 0.75] as const;
const KEY_FRAME_SIZE = 4;
/** A browser's encoder makes no more key frames than one in so many ms. */
const KEY_FRAME_PAUSE_MS = 300;

interface Layer {
  readonly ssrc: number;
  readonly rid: string;
  /** Bytes of a frame, on average. */
  readonly frameBytes: number;
  readonly writer: PacketWriter;
  pictureId: number;
  tl0PicIdx: number;
  keyFrameWanted: boolean;
  keyFrameAt: number;
}

/** VP8 in three simulcast layers of three temporal layers each, known by their RIDs (RFC 8852). */
export class Camera {
  /** Packets that went out. */
  sent = 0;
  /** How often a key frame was asked for. */
  keyFrameRequests = 0;
  readonly #clock: SendClock;
  readonly #send: Send;
  readonly #layers: readonly Layer[];
  #frame = 0;
  #stop = (): void => {};

  constructor(clock: SendClock, send: Send, mid = '1') {
    this.#clock = clock;
    this.#send = send;
    this.#layers = LAYERS.map(({ rid, bitrate }) => {
      const ssrc = randomInt(1, 0xffff_ffff);
      return {
        ...{ ssrc, rid, frameBytes: bitrate / 8 / FRAME_RATE },
        writer: new PacketWriter({ kind: 'video', ssrc, mid, rid }),
        ...{ pictureId: 0, tl0PicIdx: 0, keyFrameWanted: true, keyFrameAt: -Infinity },
      };
    });
  }

  /** Names of the layers, the lowest first. */
  static readonly rids: readonly string[] = LAYERS.map(({ rid }) => rid);

  /** As a browser says it with `publish`. */
  get rtpParameters(): RtpParameters {
    return {
      mid: '1',
      codecs: [
        {
          mimeType: 'video/VP8',
          payloadType: PAYLOAD_TYPES.video,
          clockRate: 90_000,
          rtcpFeedback: [
            { type: 'nack' },
            { type: 'nack', parameter: 'pli' },
            { type: 'ccm', parameter: 'fir' },
          ],
        },
      ],
      headerExtensions: [EXTENSIONS.mid, EXTENSIONS.rid],
      encodings: this.#layers.map(({ rid }) => ({ rid, scalabilityMode: 'L1T3' })),
      rtcp: { cname: `camera-${this.#layers[0]!.ssrc}` },
    };
  }

  start(): void {
    this.stop();
    this.#stop = this.#clock.each(1_000 / FRAME_RATE, (now) => this.#sendFrame(now));
  }

  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }

  /** Takes what came back: what asks for key frames is answered with the next frame. */
  takeRtcp(packet: Buffer): void {
    for (const ssrc of keyFrameRequests(packet)) {
      const layer = this.#layers.find((candidate) => candidate.ssrc === ssrc);
      if (!layer) continue;
      layer.keyFrameWanted = true;
      this.keyFrameRequests += 1;
    }
  }

  #sendFrame(now: number): void {
    const frame = this.#frame++;
    const timestamp = frame * FRAME_TICKS;
    const patterned = TEMPORAL_PATTERN[frame % TEMPORAL_PATTERN.length]!;
    for (const layer of this.#layers) {
      const keyFrame = layer.keyFrameWanted && now - layer.keyFrameAt >= KEY_FRAME_PAUSE_MS;
      if (keyFrame) {
        layer.keyFrameWanted = false;
        layer.keyFrameAt = now;
      }
      const temporalLayer = keyFrame ? 0 : patterned;
      if (temporalLayer === 0) layer.tl0PicIdx += 1;
      layer.pictureId += 1;
      const bytes = layer.frameBytes * (keyFrame ? KEY_FRAME_SIZE : TEMPORAL_SIZES[temporalLayer]);
      this.#sendParts(layer, timestamp, { keyFrame, temporalLayer }, bytes, now);
      // Receivers can be moved between layers only once it is known how the layers' clocks relate.
      if (frame % FRAME_RATE === 0) this.#send(senderReport(layer.ssrc, timestamp, Date.now()));
    }
  }

  #sendParts(
    { writer, pictureId, tl0PicIdx }: Layer,
    timestamp: number,
    what: { keyFrame: boolean; temporalLayer: number },
    bytes: number,
    now: number,
  ): void {
    const parts = Math.ceil(bytes / MOST_VIDEO_BYTES);
    const size = Math.max(LEAST_VIDEO_BYTES, Math.round(bytes / parts));
    for (let part = 0; part < parts; part += 1) {
      const place = { first: part === 0, last: part === parts - 1 };
      const packet = writer.video(timestamp, { ...what, ...place, pictureId, tl0PicIdx, size }, now);
      if (this.#send(packet)) this.sent += 1;
    }
  }
}
