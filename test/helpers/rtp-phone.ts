/** A telephone of nothing but packets: it offers or answers, speaks a tone, keys digits and listens. */
import { randomBytes } from 'node:crypto';
import { isRtcp } from '../../server/bridge/leg/leg.ts';
import { openDecoder, openEncoder } from '../../server/bridge/media/codec.ts';
import type { Decoder, Encoder } from '../../server/bridge/media/codec.ts';
import type { CodecName, LegKind } from '../../server/bridge/media/protocol.ts';
import { readRtp, writeRtp } from '../../server/bridge/media/rtp.ts';
import { openTransport } from './phone-transport.ts';
import type { PhoneTransport } from './phone-transport.ts';
import { ToneGenerator } from './sound.ts';

const PAYLOAD_TYPES = { opus: 111, PCMU: 0, PCMA: 8 } as const;
const DIGITS = { opus: 110, PCMU: 101, PCMA: 101 } as const;
const FRAME_MS = 20;

export interface RtpPhoneOptions {
  kind?: LegKind;
  codec?: CodecName;
  /** Hz; silent if absent. */
  tone?: number;
  /** Says another port than it sends from, as behind a NAT. */
  saysPort?: number;
}

export interface ReceivedPacket {
  payloadType: number;
  timestamp: number;
  marker: boolean;
  payload: Buffer;
}

export class RtpPhone {
  readonly #codec: CodecName;
  readonly #saysPort: number | undefined;
  readonly #transport: PhoneTransport;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly ssrc = randomBytes(4).readUInt32BE();
  readonly #voice: ToneGenerator | null;
  readonly #heard: Float32Array[] = [];
  readonly #received: ReceivedPacket[] = [];
  #sequence = 100;
  #timestamp = 5_000;
  #timer: NodeJS.Timeout | null = null;
  #remotePort = 0;
  /** Whether it sends packets of its voice. */
  speaking = true;

  static async open(options: RtpPhoneOptions = {}): Promise<RtpPhone> {
    const { kind = 'plain', codec = 'PCMU' } = options;
    // Packets come when the bridge knows the phone, and that is later.
    let receive: (packet: Buffer) => void = () => undefined;
    const transport = await openTransport(kind, (packet) => receive(packet));
    const phone = new RtpPhone(options, transport, await openEncoder(codec), await openDecoder(codec));
    receive = (packet) => phone.#receive(packet);
    return phone;
  }

  private constructor(
    options: RtpPhoneOptions,
    transport: PhoneTransport,
    encoder: Encoder,
    decoder: Decoder,
  ) {
    this.#codec = options.codec ?? 'PCMU';
    this.#saysPort = options.saysPort;
    this.#voice = options.tone === undefined ? null : new ToneGenerator(options.tone);
    this.#transport = transport;
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** An offer, or an answer to be given to an offer that `connect` took. */
  description(direction = 'sendrecv'): string {
    const codec = this.#codec;
    const { protocol, port, lines } = this.#transport;
    const clock = codec === 'opus' ? 48_000 : 8_000;
    return [
      'v=0',
      'o=phone 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.#saysPort ?? port} ${protocol} ${PAYLOAD_TYPES[codec]} ${DIGITS[codec]}`,
      `a=rtpmap:${PAYLOAD_TYPES[codec]} ${codec}/${codec === 'opus' ? '48000/2' : '8000'}`,
      `a=rtpmap:${DIGITS[codec]} telephone-event/${clock}`,
      ...lines,
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Takes the bridge's description, and speaks from now on. */
  connect(sdp: string, type: 'offer' | 'answer' = 'answer'): void {
    this.#transport.connect(sdp, type);
    const port = /^a=candidate:\S+ 1 UDP \S+ \S+ (\d+)/im.exec(sdp) ?? /^m=audio (\d+)/m.exec(sdp);
    this.#remotePort = Number(port?.[1]);
    if (this.#timer) return;
    const start = performance.now();
    let frames = 0;
    this.#timer = setInterval(() => {
      for (; frames * FRAME_MS <= performance.now() - start; frames += 1) this.#speak();
    }, FRAME_MS / 2);
  }

  /** What was heard since the last call, as samples at 16 kHz. */
  heard(): Float32Array {
    return Float32Array.from(this.#heard.splice(0).flatMap((samples) => [...samples]));
  }

  /** Packets received since the last call. */
  packets(): ReceivedPacket[] {
    return this.#received.splice(0);
  }

  /** Keys a digit as telephone events (RFC 4733), in real time; packets that are `lost` never leave. */
  async key(digit: string, lost: (packet: number) => boolean = () => false): Promise<void> {
    const event = '0123456789*#ABCD'.indexOf(digit);
    const timestamp = this.#timestamp;
    this.speaking = false;
    for (let packet = 0; packet < 8; packet += 1) {
      const payload = Buffer.from([event, (packet >= 5 ? 0x80 : 0) | 10, 0, 0]);
      payload.writeUInt16BE(Math.min(packet + 1, 6) * this.#encoder.ticksPerFrame, 2);
      if (lost(packet)) this.#sequence += 1;
      else this.#send(DIGITS[this.#codec], payload, timestamp, packet === 0);
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
    this.speaking = true;
  }

  /** Where the bridge takes its packets. */
  get remotePort(): number {
    return this.#remotePort;
  }

  /** Sends bytes as if they were a packet, protected as packets are. */
  sendRaw(packet: Buffer): void {
    this.#transport.send(packet);
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#transport.close();
    this.#encoder.close();
    this.#decoder.close();
  }

  #speak(): void {
    const frame = new Float32Array(320);
    this.#voice?.addTo(frame);
    this.#timestamp += this.#encoder.ticksPerFrame;
    const payload = this.#encoder.encode(frame);
    if (this.speaking) this.#send(PAYLOAD_TYPES[this.#codec], payload, this.#timestamp, false);
  }

  #send(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): void {
    this.#sequence += 1;
    const header = { payloadType, sequence: this.#sequence, timestamp, ssrc: this.ssrc, marker };
    this.#transport.send(writeRtp(header, payload));
  }

  #receive(packet: Buffer): void {
    const rtp = readRtp(packet, null);
    if (!rtp || isRtcp(packet)) return;
    this.#received.push(rtp);
    if (rtp.payloadType !== PAYLOAD_TYPES[this.#codec]) return;
    const samples = this.#decoder.decode(rtp.payload);
    if (samples) this.#heard.push(samples.slice());
  }
}
