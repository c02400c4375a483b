/** When a failed delivery is tried again, and how often. Pure. */

/** In ms. Lower: a receiver that restarts misses less time. Higher: one in trouble gets more peace. */
const FIRST_MS = 1_000;
const MAX_MS = 3_600_000;
/** Some six hours and a half in all, with the waits between them. */
export const MAX_ATTEMPTS = 18;

/**
 * Doubles each time; half of it is chance, so that what failed together does not come together again.
 * @param attempts that have failed, 1 or more
 * @param chance 0 to 1
 * @returns ms to wait
 */
export function retryDelayMs(attempts: number, chance: number): number {
  const full = Math.min(FIRST_MS * 2 ** (attempts - 1), MAX_MS);
  return full / 2 + (full / 2) * chance;
}
