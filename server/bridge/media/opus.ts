/** Opus (RFC 6716) by libopus, at the mix's 16 kHz: it decodes and encodes wideband without a resampler of ours. */
import { Application, Bandwidth, createDecoder, createEncoder } from 'libopus-wasm';
import type { EncoderOptions, OpusDecoderHandle, OpusEncoderHandle } from 'libopus-wasm';
import type { Decoder, Encoder } from './codec.ts';
import { FRAME_SAMPLES, SAMPLE_RATE, SILENCE, levelOf } from './sound.ts';

/**
 * How sound is encoded: `complexity` is the effort, 0 to 10. Higher: a little better at the same bitrate, and more CPU,
 * 5 half as much again as 2. `bitrate` in bit/s. Higher: better for music. Lower: kinder to thin downlinks.
 */
type Quality = Pick<EncoderOptions, 'complexity' | 'bitrate' | 'maxBandwidth'>;

/** What is mixed has browsers in it: wideband, which is good from 20 kbit/s on. */
const MIX: Quality = { complexity: 2, bitrate: 24_000 };
/** G.711 has nothing above 4 kHz: not to look for it takes half of the time, and two thirds of the bits. */
const TELEPHONE: Quality = { complexity: 1, bitrate: 16_000, maxBandwidth: Bandwidth.Narrowband };

/** Loss in percent that in-band FEC is made for. Higher: more of the bitrate is spent on repeating. */
const EXPECTED_LOSS = 5;

/** A packet so short has no sound: the sender pauses (DTX). */
const LONGEST_DTX_BYTES = 2;

/** Wideband, 20 ms, nothing in it (3.1): the receiver's decoder makes comfort noise of its own. */
export const OPUS_PAUSE = Uint8Array.of(0x48);

/** The longest packet, in samples of the mix. */
const LONGEST_SAMPLES = (SAMPLE_RATE * 120) / 1_000;

/** Frame durations in 16 kHz samples by the configuration's two low bits, for SILK, hybrid and CELT (3.1). */
const SILK_SAMPLES = [160, 320, 640, 960] as const;
const HYBRID_SAMPLES = [160, 320, 160, 320] as const;
const CELT_SAMPLES = [40, 80, 160, 320] as const;

/** How long a packet's sound is, in samples of the mix; 0 when it is no Opus packet. */
export function opusDuration(payload: Uint8Array): number {
  const toc = payload[0];
  if (toc === undefined) return 0;
  const configuration = toc >> 3;
  const table = configuration < 12 ? SILK_SAMPLES : configuration < 16 ? HYBRID_SAMPLES : CELT_SAMPLES;
  const frame = table[configuration & 3] ?? 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (payload[1] ?? 0) & 0x3f;
  const samples = frame * frames;
  return samples > LONGEST_SAMPLES ? 0 : samples;
}

export function isOpusPause(payload: Uint8Array): boolean {
  return payload.length <= LONGEST_DTX_BYTES;
}

export async function openOpusDecoder(): Promise<Decoder> {
  return new OpusDecoder(await createDecoder({ sampleRate: SAMPLE_RATE, channels: 1 }));
}

/** For what is mixed. */
export function openOpusEncoder(): Promise<Encoder> {
  return openWith(MIX);
}

/** For what a telephone without Opus says. */
export function openTelephoneEncoder(): Promise<Encoder> {
  return openWith(TELEPHONE);
}

async function openWith(quality: Quality): Promise<Encoder> {
  const handle = await createEncoder({
    sampleRate: SAMPLE_RATE,
    channels: 1,
    frameSize: FRAME_SAMPLES,
    application: Application.Voip,
    ...quality,
    fec: true,
    packetLossPercent: EXPECTED_LOSS,
  });
  return new OpusEncoder(handle);
}

class OpusDecoder implements Decoder {
  readonly clockRate = 48_000;
  readonly #handle: OpusDecoderHandle;

  constructor(handle: OpusDecoderHandle) {
    this.#handle = handle;
  }

  durationOf(payload: Uint8Array): number {
    return opusDuration(payload);
  }

  isPause(payload: Uint8Array): boolean {
    return isOpusPause(payload);
  }

  measure(payload: Uint8Array): number {
    const sound = this.isPause(payload) ? null : this.decode(payload);
    return sound ? levelOf(sound) : SILENCE;
  }

  decode(payload: Uint8Array): Float32Array | null {
    return attempt(() => this.#handle.decodeFloat(payload));
  }

  recover(next: Uint8Array, samples: number): Float32Array | null {
    return attempt(() => this.#handle.decodeFloat(next, { decodeFec: true, frameSize: samples }));
  }

  conceal(samples: number): Float32Array | null {
    return attempt(() => this.#handle.decodePacketLossFloat(samples));
  }

  close(): void {
    this.#handle.free();
  }
}

class OpusEncoder implements Encoder {
  readonly ticksPerFrame = 960;
  readonly #handle: OpusEncoderHandle;

  constructor(handle: OpusEncoderHandle) {
    this.#handle = handle;
  }

  encode(frame: Float32Array): Uint8Array {
    return this.#handle.encodeFloat(frame);
  }

  close(): void {
    this.#handle.free();
  }
}

/** libopus throws at what is no Opus packet, which is as good as lost. */
function attempt(decode: () => Float32Array): Float32Array | null {
  try {
    return bounded(decode());
  } catch {
    return null;
  }
}

/** In floats, sound goes as far beyond full scale as whoever made the packet likes: some fifty times that, if it is junk. */
function bounded(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i] ?? 0;
    if (!(Math.abs(sample) <= 1)) samples[i] = Math.sign(sample) || 0;
  }
  return samples;
}
