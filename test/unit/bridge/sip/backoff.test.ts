import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../../server/bridge/sip/backoff.ts';

test('all servers of the list are tried at once, then pauses grow round by round up to 30 s', () => {
  const delays = [0, 1, 2, 3, 4, 6, 8, 100].map((failures) => retryDelayMs(failures, 2, 1));
  expect(delays).toEqual([100, 100, 500, 500, 1_000, 2_000, 4_000, 30_000]);
});

test('half of each pause is random, and none is longer than 30 s', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, servers, random) => {
        const delay = retryDelayMs(failures, servers, random);
        expect(delay).toBeGreaterThanOrEqual(retryDelayMs(failures, servers, 0));
        expect(delay).toBeLessThanOrEqual(30_000);
        expect(retryDelayMs(failures, servers, 0)).toBeGreaterThanOrEqual(50);
      },
    ),
  );
});
