/**
 * How long fuzz tests run. In the suite each property is tried for a few seconds; a night's run is
 * `FUZZ_SECONDS=3600 npm test -- --project integration fuzz`. A failure prints its seed and path, which
 * `FUZZ_SEED` and `FUZZ_PATH` play again.
 */
import fc from 'fast-check';

const DEFAULT_SECONDS = 4;

/** Of one property. */
export const FUZZ_SECONDS = Number(process.env['FUZZ_SECONDS'] ?? DEFAULT_SECONDS);

/** Longer than any property takes, its beginning and its end included, in ms. */
export const FUZZ_TIMEOUT_MS = FUZZ_SECONDS * 1_000 + 60_000;

/** For `fc.assert`: as many runs as there is time for. */
export function fuzzRun(): fc.Parameters<unknown> {
  const { FUZZ_SEED: seed, FUZZ_PATH: path } = process.env;
  return {
    numRuns: Number.MAX_SAFE_INTEGER,
    plugins: [fc.interruptAfterTimeLimit(FUZZ_SECONDS * 1_000)],
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}

/** One of these, or something else in its place now and then. */
export function mostly<T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight: 6 }, { arbitrary: other, weight: 1 });
}

/** Whatever JSON can carry. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, -1, 1e308, '', '\u0000', '\ud800', [], {}, [[]]),
  fc.constant<unknown>(
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ),
  fc.nat(20_000).map((length): unknown => 'x'.repeat(length)),
);

/** The bytes with some of them changed, cut out, or put in. */
export function mutated(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    cut: fc.nat(4),
    put: fc.uint8Array({ maxLength: 8 }),
  });
  return fc
    .tuple(bytes, fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([original, changes]) => changes.reduce(applied, original));
}

function applied(bytes: Buffer, { at, cut, put }: { at: number; cut: number; put: Uint8Array }): Buffer {
  const start = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
}
