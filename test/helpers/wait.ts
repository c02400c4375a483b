/** Waiting for what is to come, with a word on what came instead. */
import type { EventEmitter } from 'node:events';

/** Between two looks at what is to come to rest, in ms. */
const LOOK_EACH_MS = 20;

/** Lets `ms` of real time pass. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when a connection has ended, in good order or broken off: its other end may close while we still write. */
export function closed(connection: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    connection.on('error', () => undefined);
    connection.once('close', () => resolve());
  });
}

/**
 * Asks until the answer stays the same for `ms`. What was under way when it was to stop may still come, and on a busy
 * machine it comes late.
 * @returns the answer that stayed
 * @throws Error when it still changed after `timeoutMs`
 */
export async function steady(
  what: string,
  ask: () => number | Promise<number>,
  { ms = 300, timeoutMs = 3_000 } = {},
): Promise<number> {
  const start = performance.now();
  let answer = await ask();
  for (let same = 0; same * LOOK_EACH_MS < ms;) {
    await sleep(LOOK_EACH_MS);
    const next = await ask();
    same = next === answer ? same + 1 : 0;
    answer = next;
    if (same === 0 && performance.now() - start > timeoutMs)
      throw new Error(`${what}: not at rest within ${timeoutMs} ms; the last answer was ${next}`);
  }
  return answer;
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
