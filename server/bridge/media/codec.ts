/** Codecs as the mixer sees them: frames of the mix's sound in, payloads out, and the other way round. */
import { G711Decoder, G711Encoder } from './g711.ts';
import type { G711Law } from './g711.ts';
import { openOpusDecoder, openOpusEncoder } from './opus.ts';
import type { CodecName } from './protocol.ts';

export interface Decoder {
  /** Ticks a second of the RTP timestamps. */
  readonly clockRate: number;
  /** How long a payload's sound is, in samples of the mix; 0 when it is none. */
  durationOf(payload: Uint8Array): number;
  /** Whether it says that the sender pauses rather than that it is silent. */
  isPause(payload: Uint8Array): boolean;
  /** How loud a payload is, in -dBov. Of a decoder that measures all of a stream, nothing else is asked. */
  measure(payload: Uint8Array): number;
  /** @returns a view until the next call, or null when the payload is none of this codec's */
  decode(payload: Uint8Array): Float32Array | null;
  /** What was lost just before `next`, by what `next` repeats of it; null when the codec can not. */
  recover(next: Uint8Array, samples: number): Float32Array | null;
  /** Something in the place of what was lost; null when the codec can not. */
  conceal(samples: number): Float32Array | null;
  close(): void;
}

export interface Encoder {
  /** RTP clock ticks that one frame takes. */
  readonly ticksPerFrame: number;
  encode(frame: Float32Array): Uint8Array;
  close(): void;
}

export async function openDecoder(codec: CodecName): Promise<Decoder> {
  return codec === 'opus' ? openOpusDecoder() : new NarrowbandDecoder(codec);
}

export async function openEncoder(codec: CodecName): Promise<Encoder> {
  return codec === 'opus' ? openOpusEncoder() : new NarrowbandEncoder(codec);
}

class NarrowbandDecoder implements Decoder {
  readonly clockRate = 8_000;
  readonly #g711: G711Decoder;

  constructor(law: G711Law) {
    this.#g711 = new G711Decoder(law);
  }

  durationOf(payload: Uint8Array): number {
    return 2 * payload.length;
  }

  isPause(): boolean {
    return false;
  }

  measure(payload: Uint8Array): number {
    return this.#g711.measure(payload);
  }

  decode(payload: Uint8Array): Float32Array {
    return this.#g711.decode(payload);
  }

  recover(): null {
    return null;
  }

  conceal(): null {
    return null;
  }

  close(): void {
    // Nothing outside the garbage collector's reach.
  }
}

class NarrowbandEncoder implements Encoder {
  readonly ticksPerFrame = 160;
  readonly #g711: G711Encoder;

  constructor(law: G711Law) {
    this.#g711 = new G711Encoder(law);
  }

  encode(frame: Float32Array): Uint8Array {
    return this.#g711.encode(frame);
  }

  close(): void {
    // Nothing outside the garbage collector's reach.
  }
}
