/** A room of a real router beside the bridge: browsers' voices go in and come out as tones, without browsers. */
import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import { openDecoder, openEncoder } from '../../server/bridge/media/codec.ts';
import type { Decoder, Encoder } from '../../server/bridge/media/codec.ts';
import type { MediaThread } from '../../server/bridge/media/media-thread.ts';
import { readRtp, writeRtpWithLevel } from '../../server/bridge/media/rtp.ts';
import { levelOf } from '../../server/bridge/media/sound.ts';
import { routerCodecs } from '../../worker-config/mediasoup.ts';
import { ToneGenerator } from './sound.ts';

const FRAME_MS = 20;
const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

interface Numbers {
  /** Payload type. */
  opus: number;
  /** Id of the header extension with the audio level. */
  level: number;
}

export class RoomRouter {
  readonly #worker: types.Worker;
  readonly #router: types.Router;
  readonly #browsers: Browser[] = [];

  private constructor(worker: types.Worker, router: types.Router) {
    this.#worker = worker;
    this.#router = router;
  }

  static async start(): Promise<RoomRouter> {
    const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
    const worker = await createWorker({ logLevel: 'warn', ...(workerBin ? { workerBin } : {}) });
    return new RoomRouter(worker, await worker.createRouter({ mediaCodecs: routerCodecs }));
  }

  /** How the router itself numbers Opus and the audio level; with these it changes nothing on the way. */
  get #numbers(): Numbers {
    const { codecs = [], headerExtensions = [] } = this.#router.rtpCapabilities;
    const opus = codecs.find(({ mimeType }) => mimeType === 'audio/opus');
    const level = headerExtensions.find(({ uri }) => uri === LEVEL_URI);
    return { opus: opus!.preferredPayloadType, level: level!.preferredId };
  }

  /** Joins the bridge's room to the router, in the clear or by SRTP. */
  async openRoom(thread: MediaThread, roomId: string, secure = false): Promise<BridgeRoom> {
    const transport = await this.#router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: true,
      comedia: true,
      ...(secure ? { enableSrtp: true, srtpCryptoSuite: 'AES_CM_128_HMAC_SHA1_80' as const } : {}),
    });
    const key = Buffer.alloc(30, 7).toString('base64');
    const suite = 'AES_CM_128_HMAC_SHA1_80' as const;
    if (secure) await transport.connect({ srtpParameters: { cryptoSuite: suite, keyBase64: key } });
    const { localAddress: ip, localPort: port } = transport.tuple;
    await thread.request('openRoom', {
      wantedVoices: 6,
      roomId,
      listenIp: '127.0.0.1',
      remote: { ip, port },
      opusPayloadType: this.#numbers.opus,
      levelExtensionId: this.#numbers.level,
      ...(transport.srtpParameters
        ? {
            srtp: {
              local: { suite, keyBase64: key },
              remote: { suite, keyBase64: transport.srtpParameters.keyBase64 },
            },
          }
        : {}),
    });
    return new BridgeRoom(thread, roomId, this.#router, transport, this.#numbers);
  }

  /** Somebody with a browser, speaking a tone. */
  async browser(tone: number): Promise<Browser> {
    const transport = await this.#router.createDirectTransport();
    const ssrc = 1_000 + this.#browsers.length;
    const producer = await transport.produce({
      kind: 'audio',
      rtpParameters: parameters(ssrc, this.#numbers),
    });
    const browser = new Browser(
      transport,
      producer,
      { ssrc, tone, ...this.#numbers },
      await openEncoder('opus'),
      await openDecoder('opus'),
    );
    this.#browsers.push(browser);
    return browser;
  }

  closeBrowsers(): void {
    for (const browser of this.#browsers.splice(0)) browser.close();
  }

  async close(): Promise<void> {
    this.closeBrowsers();
    this.#worker.close();
  }

  get rtpCapabilities(): types.RtpCapabilities {
    return this.#router.rtpCapabilities;
  }
}

/** The bridge's end in the router, as the server keeps it. */
export class BridgeRoom {
  readonly roomId: string;
  readonly #thread: MediaThread;
  readonly #router: types.Router;
  readonly #transport: types.PlainTransport;
  readonly #numbers: Numbers;
  #publications = 0;

  constructor(
    thread: MediaThread,
    roomId: string,
    router: types.Router,
    transport: types.PlainTransport,
    numbers: Numbers,
  ) {
    this.#numbers = numbers;
    this.roomId = roomId;
    this.#thread = thread;
    this.#router = router;
    this.#transport = transport;
  }

  /** The bridge hears this browser from now on. @returns the stream's SSRC */
  async hear(browser: Browser): Promise<number> {
    const consumer: types.Consumer = await this.#transport.consume({
      producerId: browser.producer.id,
      rtpCapabilities: this.#router.rtpCapabilities,
    });
    const ssrc = consumer.rtpParameters.encodings![0]!.ssrc!;
    await this.#thread.request('addVoice', { roomId: this.roomId, ssrc });
    return ssrc;
  }

  /** Places a call in the room, with a publication of its own. */
  async place(callId: string): Promise<types.Producer> {
    const ssrc = 77_000 + (this.#publications += 1);
    const producer = await this.#transport.produce({
      kind: 'audio',
      rtpParameters: parameters(ssrc, this.#numbers),
    });
    await this.#thread.request('placeCall', { callId, place: { roomId: this.roomId, ssrc } });
    return producer;
  }

  async close(): Promise<void> {
    await this.#thread.request('closeRoom', { roomId: this.roomId });
    this.#transport.close();
  }
}

export class Browser {
  readonly producer: types.Producer;
  readonly #transport: types.DirectTransport;
  readonly #ssrc: number;
  readonly #numbers: Numbers;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #timer: NodeJS.Timeout;
  readonly #voice: ToneGenerator;
  #sequence = 0;
  #timestamp = 0;
  #heard: Float32Array[] = [];
  #levels: number[] = [];

  constructor(
    transport: types.DirectTransport,
    producer: types.Producer,
    { ssrc, tone, ...numbers }: { ssrc: number; tone: number } & Numbers,
    encoder: Encoder,
    decoder: Decoder,
  ) {
    this.#transport = transport;
    this.producer = producer;
    this.#ssrc = ssrc;
    this.#numbers = numbers;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#voice = new ToneGenerator(tone);
    const start = performance.now();
    let frames = 0;
    this.#timer = setInterval(() => {
      for (; frames * FRAME_MS <= performance.now() - start; frames += 1) this.#speak();
    }, FRAME_MS / 2);
  }

  /** Hears one publication, and nothing else. */
  async hear(publication: types.Producer, rtpCapabilities: types.RtpCapabilities): Promise<void> {
    const consumer: types.Consumer = await this.#transport.consume({
      producerId: publication.id,
      rtpCapabilities,
    });
    consumer.on('rtp', (packet) => {
      const rtp = readRtp(packet, this.#numbers.level);
      if (!rtp) return;
      if (rtp.level !== null) this.#levels.push(rtp.level);
      const samples = this.#decoder.decode(rtp.payload);
      if (samples) this.#heard.push(samples.slice());
    });
  }

  heard(): Float32Array {
    return Float32Array.from(this.#heard.splice(0).flatMap((samples) => [...samples]));
  }

  /** The levels that the packets heard since the last call say of themselves, in -dBov. */
  levels(): number[] {
    return this.#levels.splice(0);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#transport.close();
    this.#encoder.close();
    this.#decoder.close();
  }

  #speak(): void {
    const frame = new Float32Array(320);
    this.#voice.addTo(frame);
    this.#sequence += 1;
    this.#timestamp += this.#encoder.ticksPerFrame;
    const header = {
      payloadType: this.#numbers.opus,
      sequence: this.#sequence,
      timestamp: this.#timestamp,
      ssrc: this.#ssrc,
      marker: false,
    };
    this.producer.send(
      writeRtpWithLevel(header, this.#encoder.encode(frame), this.#numbers.level, levelOf(frame)),
    );
  }
}

function parameters(ssrc: number, { opus, level }: Numbers): types.RtpParameters {
  return {
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: opus,
        clockRate: 48_000,
        channels: 2,
        parameters: { useinbandfec: 1, usedtx: 1 },
      },
    ],
    headerExtensions: [{ uri: LEVEL_URI, id: level }],
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname: `voice-${ssrc}` },
  };
}
