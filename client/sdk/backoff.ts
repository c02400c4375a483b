/** When to knock again at a server that is gone. */

/**
 * The first attempt comes at once, for the usual case of a network that changed; the jitter of the later ones
 * spreads the clients of a restarted server.
 */
const FIRST_DELAY_MS = 100;
/** Doubles with each attempt. Higher: kinder to a server that starts. Lower: back sooner. */
const BASE_DELAY_MS = 400;
/** Higher: fewer knocks while the server is away for long. Lower: a longer wait at most once it is there again. */
const LONGEST_DELAY_MS = 5_000;

/**
 * @param attempt counted from 1
 * @param random evenly distributed in [0, 1)
 * @param retryAfterMs what the server asked for, if it did
 * @returns ms to wait before the attempt
 */
export function reconnectDelayMs(attempt: number, random: number, retryAfterMs = 0): number {
  if (attempt <= 1) return Math.max(retryAfterMs, Math.round(FIRST_DELAY_MS * random));
  const longest = Math.min(BASE_DELAY_MS * 2 ** (attempt - 2), LONGEST_DELAY_MS);
  return Math.max(retryAfterMs, Math.round(longest * (0.5 + random / 2)));
}
