/** Telephones without anybody at them: a socket each, over plain RTP, with sound that was encoded beforehand. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { openEncoder } from '../../../server/bridge/media/codec.ts';
import type { Decoder } from '../../../server/bridge/media/codec.ts';
import type { CodecName } from '../../../server/bridge/media/protocol.ts';
import { readRtp, writeRtp } from '../../../server/bridge/media/rtp.ts';
import { FRAME_SAMPLES, SAMPLE_RATE } from '../../../server/bridge/media/sound.ts';
import { ToneGenerator } from '../../helpers/sound.ts';
import { levelOf as toneLevel } from '../../helpers/telephony/tones.ts';

/** Whoever sends a pulse sends this tone, which is nobody's voice. */
const PULSE_HZ = 2_600;
const PULSE_HEARD_DB = -32;
/** What is encoded beforehand goes round each second. */
export const LOOP_FRAMES = 50;

/** What is sent, encoded beforehand. */
export interface Material {
  talk: Uint8Array[];
  silence: Uint8Array[];
  pulse: Uint8Array;
  /** Of the RTP clock, in a frame. */
  ticks: number;
  payloadType: number;
}

/** @param pitch in Hz */
export async function materialFor(codec: CodecName, pitch: number): Promise<Material> {
  const encoder = await openEncoder(codec);
  const voice = new ToneGenerator(pitch, 0.05);
  const frames = (make: (frame: Float32Array) => void): Uint8Array[] =>
    Array.from({ length: LOOP_FRAMES }, () => {
      const frame = new Float32Array(FRAME_SAMPLES);
      make(frame);
      return encoder.encode(frame);
    });
  const talk = frames((frame) => voice.addTo(frame));
  const silence = frames(() => undefined);
  const pulses = frames((frame) => new ToneGenerator(PULSE_HZ, 0.6).addTo(frame));
  const payloadType = { opus: 111, PCMU: 0, PCMA: 8 }[codec];
  const material = { talk, silence, pulse: pulses[0]!, ticks: encoder.ticksPerFrame, payloadType };
  encoder.close();
  return material;
}

/** Listens for pulses. */
export class Ear {
  /** How long each was under way, in ms. */
  readonly delays: number[] = [];
  readonly #decoder: Decoder;
  #sentAt: number | null = null;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** A pulse is sent right now. */
  sent(): void {
    this.#sentAt = performance.now();
  }

  hear(payload: Uint8Array): void {
    const sound = this.#decoder.decode(payload);
    if (!sound || this.#sentAt === null || toneLevel(PULSE_HZ, sound, SAMPLE_RATE) < PULSE_HEARD_DB) return;
    this.delays.push(performance.now() - this.#sentAt);
    this.#sentAt = null;
  }
}

export class Phone {
  readonly #socket: Socket;
  readonly #material: Material;
  readonly ssrc: number;
  #far = { ip: '127.0.0.1', port: 0 };
  #sequence = 0;

  private constructor(socket: Socket, material: Material, ssrc: number, ears: readonly Ear[]) {
    this.#socket = socket;
    this.#material = material;
    this.ssrc = ssrc;
    socket.on('message', (packet) => {
      const rtp = ears.length > 0 ? readRtp(packet, null) : null;
      if (rtp?.payloadType !== material.payloadType) return;
      for (const ear of ears) ear.hear(rtp.payload);
    });
  }

  static async open(material: Material, ssrc: number, ears: readonly Ear[]): Promise<Phone> {
    return new Phone(await openSocket(), material, ssrc, ears);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get payloadType(): number {
    return this.#material.payloadType;
  }

  /** Sends there from now on. */
  answered(ip: string, port: number): void {
    this.#far = { ip, port };
  }

  send(payload: Uint8Array): void {
    const { payloadType, ticks } = this.#material;
    this.#sequence += 1;
    const header = {
      payloadType,
      sequence: this.#sequence & 0xffff,
      timestamp: this.#sequence * ticks,
      ssrc: this.ssrc,
      marker: false,
    };
    this.#socket.send(writeRtp(header, payload), this.#far.port, this.#far.ip);
  }

  close(): void {
    this.#socket.close();
  }
}

/** A UDP socket on loopback. */
export async function openSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1_048_576 });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}
