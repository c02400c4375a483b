/** G.711: 8 kHz, a byte a sample, by table. */
import { Downsampler, Upsampler } from './resample.ts';
import { levelOfMean } from './sound.ts';

export type G711Law = 'PCMU' | 'PCMA';

interface Tables {
  /** Code to sample, -1 to 1. */
  decoded: Float32Array;
  /** Code to the square of its sample. */
  squares: Float32Array;
  /** Sample in 16 bits without the lowest two, plus half the range, to code. */
  encoded: Uint8Array;
}

const ENCODE_STEPS = 16_384;

const TABLES: Record<G711Law, Tables> = { PCMU: tablesOf(fromMuLaw), PCMA: tablesOf(fromALaw) };

/** ITU-T G.711, table 2a: sign, exponent and mantissa, all bits inverted. In 16 bits. */
function fromMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** ITU-T G.711, table 1a: every other bit inverted. In 16 bits. */
function fromALaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 0x07;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

/** Encoding is to take the code whose sample is nearest. */
function tablesOf(decode: (code: number) => number): Tables {
  const codes = Array.from({ length: 256 }, (_, code) => ({ code, value: decode(code) }));
  const decoded = Float32Array.from(codes, ({ value }) => value / 32_768);
  const sorted = codes.toSorted((a, b) => a.value - b.value);
  const encoded = new Uint8Array(ENCODE_STEPS);
  let nearest = 0;
  for (let step = 0; step < ENCODE_STEPS; step += 1) {
    const wanted = (step - ENCODE_STEPS / 2) * 4 + 2;
    const distance = (at: number): number => Math.abs((sorted[at]?.value ?? Infinity) - wanted);
    while (distance(nearest + 1) <= distance(nearest)) nearest += 1;
    encoded[step] = sorted[nearest]?.code ?? 0;
  }
  return { decoded, squares: decoded.map((sample) => sample * sample), encoded };
}

/** Bytes of G.711 to samples at 16 kHz. Keeps the little that the filter needs from packet to packet. */
export class G711Decoder {
  readonly #table: Float32Array;
  readonly #squares: Float32Array;
  readonly #upsampler = new Upsampler();
  #narrow = new Float32Array(160);

  constructor(law: G711Law) {
    ({ decoded: this.#table, squares: this.#squares } = TABLES[law]);
  }

  /** @returns how loud it is, in -dBov, without decoding it */
  measure(payload: Uint8Array): number {
    let sum = 0;
    for (let i = 0; i < payload.length; i += 1) sum += this.#squares[payload[i] ?? 0] ?? 0;
    return levelOfMean(sum / Math.max(payload.length, 1));
  }

  decode(payload: Uint8Array): Float32Array {
    const count = payload.length;
    if (this.#narrow.length < count) this.#narrow = new Float32Array(count);
    for (let i = 0; i < count; i += 1) this.#narrow[i] = this.#table[payload[i] ?? 0] ?? 0;
    return this.#upsampler.process(this.#narrow.subarray(0, count));
  }
}

/** Samples at 16 kHz to bytes of G.711. */
export class G711Encoder {
  readonly #table: Uint8Array;
  readonly #downsampler = new Downsampler();

  constructor(law: G711Law) {
    this.#table = TABLES[law].encoded;
  }

  encode(samples: Float32Array): Uint8Array {
    const narrow = this.#downsampler.process(samples);
    const payload = new Uint8Array(narrow.length);
    for (let i = 0; i < narrow.length; i += 1) {
      const step = Math.floor((narrow[i] ?? 0) * (ENCODE_STEPS / 2)) + ENCODE_STEPS / 2;
      payload[i] = this.#table[Math.min(ENCODE_STEPS - 1, Math.max(0, step))] ?? 0;
    }
    return payload;
  }
}
