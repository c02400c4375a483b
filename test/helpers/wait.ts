/** Waiting for what is to come, with a word on what came instead. */

/** Lets `ms` of real time pass. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Asks until the answer is good.
 * @returns the good answer, and how long it took in ms
 * @throws Error with the last answer when it was not good in time
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  isGood: (answer: T) => boolean,
  { timeoutMs = 15_000, everyMs = 50 } = {},
): Promise<{ answer: T; tookMs: number }> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    const tookMs = performance.now() - start;
    if (isGood(answer)) return { answer, tookMs };
    if (tookMs > timeoutMs)
      throw new Error(`${what}: not within ${timeoutMs} ms; the last answer was ${JSON.stringify(answer)}`);
    await sleep(everyMs);
  }
}
