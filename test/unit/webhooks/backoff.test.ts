import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, retryDelayMs } from '../../../server/webhooks/backoff.ts';

const attempts = fc.integer({ min: 1, max: MAX_ATTEMPTS });
const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('The wait before a webhook is tried again', () => {
  it('doubles up to an hour, and half of it is chance', () => {
    expect([1, 2, 3, 4].map((n) => retryDelayMs(n, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect([1, 2, 3, 4].map((n) => retryDelayMs(n, 0))).toEqual([500, 1_000, 2_000, 4_000]);
    expect(retryDelayMs(MAX_ATTEMPTS, 1)).toBe(3_600_000);
  });

  it('is never shorter than half a second, nor longer than an hour', () => {
    fc.assert(
      fc.property(attempts, chance, (failed, luck) => {
        const delay = retryDelayMs(failed, luck);
        expect(delay).toBeGreaterThanOrEqual(500);
        expect(delay).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  it('adds up to some hours before it is given up', () => {
    const waits = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, i) => retryDelayMs(i + 1, 1));
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(4);
    expect(hours).toBeLessThan(12);
  });
});
