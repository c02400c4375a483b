/**
 * A telephone of nothing but sockets: it offers, is answered, speaks a tone and listens. Its RTP is plain or has keys
 * in the SDP; losses and disorder are made on its way out.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { parse } from 'sdp-transform';
import { openDecoder, openEncoder } from '../../server/bridge/media/codec.ts';
import type { Decoder, Encoder } from '../../server/bridge/media/codec.ts';
import type { CodecName } from '../../server/bridge/media/protocol.ts';
import { readRtp, writeRtp } from '../../server/bridge/media/rtp.ts';
import { SrtpKeys } from '../../server/bridge/leg/srtp.ts';
import { ToneGenerator } from './sound.ts';

const PAYLOAD_TYPES = { opus: 111, PCMU: 0, PCMA: 8 } as const;
const DIGITS = { opus: 110, PCMU: 101, PCMA: 101 } as const;
const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const FRAME_MS = 20;

export interface RtpPhoneOptions {
  codec?: CodecName;
  secure?: boolean;
  /** Hz; silent if absent. */
  tone?: number;
  /** Says another port than it sends from, as behind a NAT. */
  saysPort?: number;
}

export class RtpPhone {
  readonly #options: Required<Pick<RtpPhoneOptions, 'codec' | 'secure'>> & RtpPhoneOptions;
  readonly #socket: Socket;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #key = randomBytes(30);
  readonly #ssrc = randomBytes(4).readUInt32BE();
  readonly #voice: ToneGenerator | null;
  #heard: Float32Array[] = [];
  #received: { payloadType: number; payload: Buffer; marker: boolean; timestamp: number }[] = [];
  #remote: { address: string; port: number } | null = null;
  #sending: SrtpKeys | null = null;
  #receiving: SrtpKeys | null = null;
  #sequence = 100;
  #timestamp = 5_000;
  #timer: NodeJS.Timeout | null = null;
  /** Speaks, that is, sends packets; a phone on hold may send music or nothing. */
  speaking = true;

  private constructor(options: RtpPhoneOptions, socket: Socket, encoder: Encoder, decoder: Decoder) {
    this.#options = { codec: 'PCMU', secure: false, ...options };
    this.#socket = socket;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#voice = options.tone === undefined ? null : new ToneGenerator(options.tone);
    socket.on('message', (packet) => this.#receive(packet));
  }

  static async open(options: RtpPhoneOptions = {}): Promise<RtpPhone> {
    const codec = options.codec ?? 'PCMU';
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new RtpPhone(options, socket, await openEncoder(codec), await openDecoder(codec));
  }

  offer(direction = 'sendrecv'): string {
    const { codec, secure, saysPort } = this.#options;
    const rate = codec === 'opus' ? '48000/2' : '8000';
    const clock = codec === 'opus' ? 48_000 : 8_000;
    return [
      'v=0',
      'o=phone 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${saysPort ?? this.#socket.address().port} ${secure ? 'RTP/SAVP' : 'RTP/AVP'} ${PAYLOAD_TYPES[codec]} ${DIGITS[codec]}`,
      `a=rtpmap:${PAYLOAD_TYPES[codec]} ${codec}/${rate}`,
      `a=rtpmap:${DIGITS[codec]} telephone-event/${clock}`,
      ...(secure ? [`a=crypto:1 ${SUITE} inline:${this.#key.toString('base64')}`] : []),
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Takes the answer, and speaks from now on. */
  answered(sdp: string): void {
    const session = parse(sdp);
    const audio = session.media[0]!;
    this.#remote = { address: audio.connection?.ip ?? session.connection!.ip, port: audio.port };
    const config = audio.crypto?.[0]?.config;
    if (config) {
      this.#sending = new SrtpKeys(SUITE, this.#key);
      this.#receiving = new SrtpKeys(SUITE, Buffer.from(config.replace('inline:', ''), 'base64'));
    }
    if (this.#timer) return;
    const start = performance.now();
    let frames = 0;
    this.#timer = setInterval(() => {
      for (; frames * FRAME_MS <= performance.now() - start; frames += 1) this.#speak();
    }, FRAME_MS / 2);
  }

  /** What was heard since the last call, as samples at 16 kHz. */
  heard(): Float32Array {
    const all = Float32Array.from(this.#heard.flatMap((samples) => [...samples]));
    this.#heard = [];
    return all;
  }

  /** Packets received since the last call. */
  packets(): { payloadType: number; payload: Buffer; marker: boolean; timestamp: number }[] {
    return this.#received.splice(0);
  }

  /** Keys a digit as telephone events (RFC 4733), in real time; `lost` of its packets never leave. */
  async key(digit: string, lost: (packet: number) => boolean = () => false): Promise<void> {
    const event = '0123456789*#ABCD'.indexOf(digit);
    const timestamp = this.#timestamp;
    this.speaking = false;
    for (let packet = 0; packet < 8; packet += 1) {
      const payload = Buffer.from([event, (packet >= 5 ? 0x80 : 0) | 10, 0, 0]);
      payload.writeUInt16BE(Math.min(packet + 1, 6) * this.#encoder.ticksPerFrame, 2);
      if (!lost(packet)) this.#send(DIGITS[this.#options.codec], payload, timestamp, packet === 0);
      else this.#sequence += 1;
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
    this.speaking = true;
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#socket.close();
    this.#encoder.close();
    this.#decoder.close();
  }

  #speak(): void {
    const frame = new Float32Array(320);
    this.#voice?.addTo(frame);
    this.#timestamp += this.#encoder.ticksPerFrame;
    const payload = this.#encoder.encode(frame);
    if (this.speaking) this.#send(PAYLOAD_TYPES[this.#options.codec], payload, this.#timestamp, false);
  }

  #send(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): void {
    const to = this.#remote;
    if (!to) return;
    this.#sequence += 1;
    const header = { payloadType, sequence: this.#sequence, timestamp, ssrc: this.#ssrc, marker };
    const packet = writeRtp(header, payload);
    this.#socket.send(this.#sending?.protect(packet, false) ?? packet, to.port, to.address);
  }

  #receive(packet: Buffer): void {
    const clear = this.#receiving ? this.#receiving.unprotect(packet, false) : packet;
    const rtp = clear && readRtp(clear, null);
    if (!rtp) return;
    this.#received.push(rtp);
    if (rtp.payloadType !== PAYLOAD_TYPES[this.#options.codec]) return;
    const samples = this.#decoder.decode(rtp.payload);
    if (samples) this.#heard.push(samples.slice());
  }
}
