/**
 * What calls in one room cost the bridge: `node test/load/bridge-mix.ts [PCMU|PCMA|opus]...` prints a table in Markdown.
 *
 * Phones are synthetic, all in this process: a socket each, sound encoded beforehand. The SFU is one socket. Each
 * second one phone, and once the SFU, sends 20 ms of a tone of its own; when it is heard on the other side tells the
 * delay, of which the network has nothing. The machine should have nothing else to do.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { parse } from 'sdp-transform';
import { openDecoder, openEncoder } from '../../server/bridge/media/codec.ts';
import type { Decoder } from '../../server/bridge/media/codec.ts';
import { MediaThread } from '../../server/bridge/media/media-thread.ts';
import { codecNames } from '../../server/bridge/media/protocol.ts';
import type { CodecName } from '../../server/bridge/media/protocol.ts';
import { readRtp, writeRtp, writeRtpWithLevel } from '../../server/bridge/media/rtp.ts';
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE, levelOf } from '../../server/bridge/media/sound.ts';
import { ToneGenerator } from '../helpers/sound.ts';
import { levelOf as toneLevel } from '../helpers/telephony/tones.ts';
import { sleep } from '../helpers/wait.ts';

const CALLS = [1, 10, 50, 100];
const TALKING = [0.3, 1];
/** The bridge's own figures are of the last ten seconds. */
const MEASURED_MS = 14_000;
const PULSE_HZ = 2_600;
const PULSE_EACH_FRAMES = 50;
const PULSE_HEARD_DB = -32;
const OPUS = 100;
const LEVEL_ID = 10;
const SFU_VOICE = 4_000;
const PROMPTS = fileURLToPath(new URL('../../server/bridge/prompts', import.meta.url));

/** What is sent, encoded beforehand: a second of talk, of silence, and the pulse. */
interface Material {
  talk: Uint8Array[];
  silence: Uint8Array[];
  pulse: Uint8Array;
  ticks: number;
  payloadType: number;
}

async function materialFor(codec: CodecName, pitch: number): Promise<Material> {
  const encoder = await openEncoder(codec);
  const voice = new ToneGenerator(pitch, 0.05);
  const frames = (make: (frame: Float32Array) => void): Uint8Array[] =>
    Array.from({ length: 50 }, () => {
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

/** Listens for the pulse. */
class Ear {
  readonly delays: number[] = [];
  readonly #decoder: Decoder;
  #sentAt: number | null = null;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

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

class Phone {
  readonly #socket: Socket;
  readonly #material: Material;
  readonly #ssrc: number;
  #port = 0;
  #sequence = 0;

  constructor(socket: Socket, material: Material, ssrc: number, ear: Ear | null) {
    this.#socket = socket;
    this.#material = material;
    this.#ssrc = ssrc;
    socket.on('message', (packet) => {
      const rtp = ear && readRtp(packet, null);
      if (rtp?.payloadType === material.payloadType) ear?.hear(rtp.payload);
    });
  }

  async call(thread: MediaThread, callId: string, codec: CodecName): Promise<void> {
    const rate = codec === 'opus' ? '48000/2' : '8000';
    const { payloadType } = this.#material;
    const offer = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.#socket.address().port} RTP/AVP ${payloadType}`,
      `a=rtpmap:${payloadType} ${codec}/${rate}`,
      '',
    ].join('\r\n');
    await thread.request('openCall', { callId, options: { listenIp: '127.0.0.1' } });
    const { sdp } = await thread.request('answer', { callId, sdp: offer });
    this.#port = parse(sdp).media[0]!.port;
    await thread.request('placeCall', { callId, place: { roomId: 'room', ssrc: this.#ssrc } });
  }

  send(payload: Uint8Array): void {
    const { payloadType, ticks } = this.#material;
    this.#sequence += 1;
    const header = {
      payloadType,
      sequence: this.#sequence & 0xffff,
      timestamp: this.#sequence * ticks,
      ssrc: this.#ssrc,
      marker: false,
    };
    this.#socket.send(writeRtp(header, payload), this.#port, '127.0.0.1');
  }

  close(): void {
    this.#socket.close();
  }
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1_048_576 });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

function percentile(values: readonly number[], part: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)]?.toFixed(0) ?? '-';
}

/** @returns one row of the table */
async function run(codec: CodecName, calls: number, talking: number): Promise<string> {
  const thread = await MediaThread.start({ promptFolder: PROMPTS, logger: pino({ level: 'warn' }) });
  const sfu = await openSocket();
  const toRoom = new Ear(await openDecoder('opus'));
  const toPhone = new Ear(await openDecoder(codec));
  sfu.on('message', (packet) => {
    const rtp = readRtp(packet, LEVEL_ID);
    if (rtp?.ssrc === 1 && rtp.payloadType === OPUS) toRoom.hear(rtp.payload);
  });
  const local = await thread.request('openRoom', {
    roomId: 'room',
    listenIp: '127.0.0.1',
    remote: { ip: '127.0.0.1', port: sfu.address().port },
    opusPayloadType: OPUS,
    levelExtensionId: LEVEL_ID,
  });
  await thread.request('addVoice', { roomId: 'room', ssrc: SFU_VOICE });
  const voices = await Promise.all([310, 430, 550, 670, 790, 910].map((hz) => materialFor(codec, hz)));
  const browser = await materialFor('opus', 500);
  const phones: Phone[] = [];
  for (let i = 0; i < calls; i += 1) {
    const material = voices[i % voices.length]!;
    const phone = new Phone(await openSocket(), material, i + 1, i === calls - 1 ? toPhone : null);
    await phone.call(thread, `call-${i}`, codec);
    phones.push(phone);
  }
  const talkers = Math.ceil(calls * talking);
  const start = performance.now();
  let frame = 0;
  const send = (): void => {
    for (; frame * FRAME_MS <= performance.now() - start; frame += 1) {
      phones.forEach((phone, i) => {
        const { talk, silence, pulse } = voices[i % voices.length]!;
        const isPulse = i === 0 && frame % PULSE_EACH_FRAMES === 10;
        if (isPulse) toRoom.sent();
        phone.send(isPulse ? pulse : (i < talkers ? talk : silence)[frame % 50]!);
      });
      const isPulse = frame % PULSE_EACH_FRAMES === 35;
      if (isPulse) toPhone.sent();
      const payload = isPulse ? browser.pulse : browser.silence[frame % 50]!;
      const level = isPulse ? levelOf(new Float32Array(FRAME_SAMPLES).fill(0.4)) : 127;
      const header = {
        payloadType: OPUS,
        sequence: frame & 0xffff,
        timestamp: frame * browser.ticks,
        ssrc: SFU_VOICE,
        marker: false,
      };
      sfu.send(writeRtpWithLevel(header, payload, LEVEL_ID, level), local.port, local.ip);
    }
  };
  const timer = setInterval(send, 5);
  await sleep(MEASURED_MS);
  const stats = await thread.request('stats', {});
  clearInterval(timer);
  for (const phone of phones) phone.close();
  sfu.close();
  await thread.close();
  return [
    codec,
    calls,
    `${talking * 100} %`,
    `${(stats.cpu * 100).toFixed(1)} %`,
    `${stats.latenessP50Ms.toFixed(1)} / ${stats.latenessP99Ms.toFixed(1)}`,
    `${percentile(toRoom.delays, 0.5)} / ${percentile(toRoom.delays, 0.99)}`,
    `${percentile(toPhone.delays, 0.5)} / ${percentile(toPhone.delays, 0.99)}`,
    `${(stats.residentBytes / 2 ** 20).toFixed(0)} MB`,
  ].join(' | ');
}

const wanted = process.argv.slice(2);
const codecs = codecNames.filter((name) => (wanted.length === 0 ? name !== 'PCMA' : wanted.includes(name)));
console.log(
  'codec | calls | talking | CPU of a core | lateness p50 / p99 ms | phone to SFU ms | SFU to phone ms | memory',
);
console.log('- | - | - | - | - | - | - | -');
for (const codec of codecs) {
  for (const calls of CALLS) {
    for (const talking of TALKING) console.log(await run(codec, calls, talking));
  }
}
