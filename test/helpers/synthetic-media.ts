/** Microphones and cameras that send packets without picture and mostly without sound, as loud and as large as wished. */
import type { RtpParameters } from '../../server/signalling/contract.ts';
import type { RtcEnd } from './rtc-end.ts';
import { LEVEL_EXTENSION, isRtcp, keyFrameRequests, rtpHeader, senderReport, vp8Payload } from './rtp.ts';

const OPUS = 111;
const VP8 = 96;
/** What no decoder makes a voice of. */
const NO_SOUND = Buffer.alloc(60, 0x55);

let nextSsrc = 0x1000_0000;
/** Streams must differ on each transport; being different everywhere makes packets easy to recognise. */
const newSsrc = (): number => nextSsrc++;

export class SyntheticMicrophone {
  readonly ssrc = newSsrc();
  readonly rtpParameters: RtpParameters = {
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: OPUS,
        clockRate: 48_000,
        channels: 2,
        parameters: { useinbandfec: 1, usedtx: 1 },
      },
    ],
    headerExtensions: [LEVEL_EXTENSION],
    encodings: [{ ssrc: this.ssrc, dtx: true }],
    rtcp: { cname: `microphone-${this.ssrc}` },
  };
  readonly #end: RtcEnd;
  readonly #sound: readonly Uint8Array[];
  #sequence = 1;
  #timestamp = 0;
  #packets = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param sound Opus frames of 20 ms that it goes through again and again */
  constructor(end: RtcEnd, sound: readonly Uint8Array[] = [NO_SOUND]) {
    this.#end = end;
    this.#sound = sound;
  }

  /** Sends a packet each 20 ms, at `level` -dBov, until `hush`. */
  speak(level = 30): void {
    this.hush();
    this.send(level);
    this.#timer = setInterval(() => this.send(level), 20);
  }

  /** Sends nothing more, as with DTX. */
  hush(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Packets of sound so far. */
  get sent(): number {
    return this.#packets;
  }

  /** Loses every other packet from now on, before the network. */
  lossy = false;

  /** One packet of 20 ms. */
  send(level: number): void {
    this.#timestamp += 960;
    if (this.lossy) this.#sequence += 1;
    const header = rtpHeader(
      { payloadType: OPUS, sequence: this.#sequence++, timestamp: this.#timestamp, ssrc: this.ssrc },
      level,
    );
    this.#end.send(Buffer.concat([header, this.#sound[this.#packets % this.#sound.length] ?? NO_SOUND]));
    // Once a second, as browsers do; what was lost is reckoned from report to report.
    if (++this.#packets % 50 === 0) this.#end.send(senderReport(this.ssrc, this.#timestamp, Date.now()));
  }
}

interface Layer {
  ssrc: number;
  frameBytes: number;
  sequence: number;
  pictureId: number;
  tl0PicIdx: number;
  keyFrameWanted: boolean;
}

/** Bytes of a frame of each simulcast layer; a receiver tells layers apart by them. */
export const LAYER_FRAME_BYTES = [100, 400, 1_000] as const;

/** A VP8 camera with up to three simulcast layers of three temporal layers each. */
export class SyntheticCamera {
  readonly rtpParameters: RtpParameters;
  readonly #end: RtcEnd;
  readonly #layers: Layer[];
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | null = null;
  #frame = 0;
  /** How often a key frame was asked for. */
  keyFrameRequests = 0;

  constructor(end: RtcEnd, layers: 1 | 2 | 3 = 3) {
    this.#end = end;
    this.#layers = LAYER_FRAME_BYTES.slice(0, layers).map((frameBytes) => ({
      ssrc: newSsrc(),
      frameBytes,
      sequence: 1,
      pictureId: 1,
      tl0PicIdx: 0,
      keyFrameWanted: true,
    }));
    this.rtpParameters = {
      codecs: [
        {
          mimeType: 'video/VP8',
          payloadType: VP8,
          clockRate: 90_000,
          rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        },
      ],
      encodings: this.#layers.map(({ ssrc }) => ({ ssrc, scalabilityMode: 'L1T3' })),
      rtcp: { cname: `camera-${this.#layers[0]?.ssrc ?? 0}` },
    };
    this.#stopListening = end.onPacket((packet) => {
      if (!isRtcp(packet)) return;
      for (const ssrc of keyFrameRequests(packet)) {
        const layer = this.#layers.find((candidate) => candidate.ssrc === ssrc);
        if (layer) layer.keyFrameWanted = true;
        this.keyFrameRequests += 1;
      }
    });
  }

  /** Sends 25 frames a second of each layer until `pause` or `stop`. */
  start(): void {
    this.#timer ??= setInterval(() => this.#sendFrame(), 40);
  }

  pause(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** For good. */
  stop(): void {
    this.pause();
    this.#stopListening();
  }

  #sendFrame(): void {
    const frame = this.#frame++;
    const timestamp = frame * 3_600;
    const temporalLayer = [0, 2, 1, 2][frame % 4] ?? 0;
    for (const layer of this.#layers) {
      const keyFrame = layer.keyFrameWanted;
      layer.keyFrameWanted = false;
      if (temporalLayer === 0 || keyFrame) layer.tl0PicIdx += 1;
      const header = rtpHeader({
        payloadType: VP8,
        sequence: layer.sequence++,
        timestamp,
        ssrc: layer.ssrc,
        marker: true,
      });
      const payload = vp8Payload({
        keyFrame,
        pictureId: layer.pictureId++,
        temporalLayer: keyFrame ? 0 : temporalLayer,
        tl0PicIdx: layer.tl0PicIdx,
        size: layer.frameBytes,
      });
      this.#end.send(Buffer.concat([header, payload]));
      // Receivers can be moved between layers only once it is known how the layers' clocks relate.
      if (frame % 10 === 0) this.#end.send(senderReport(layer.ssrc, timestamp, Date.now()));
    }
  }
}
