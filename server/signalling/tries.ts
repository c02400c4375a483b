/** How often something that must not be guessed may be tried. Counted in memory, by whatever key. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import { RequestError } from './errors.ts';

export interface TriesOptions {
  /** Wrong tries of one key in `seconds`. */
  points: number;
  seconds: number;
}

/** Says that the try was wrong; before it ends. */
export type Wrong = () => void;

/**
 * Counts what was wrong; what was right costs nothing. Many tries at once are no more than one after the other: only as
 * many run as could all be wrong, and the others wait for them.
 */
export class Tries {
  readonly #points: number;
  readonly #windowMs: number;
  readonly #wrong: RateLimiterMemory;
  readonly #underWay = new Map<string, Set<Promise<unknown>>>();
  /** How many have ended, of all keys. */
  #ended = 0;

  constructor({ points, seconds }: TriesOptions) {
    this.#points = points;
    this.#windowMs = seconds * 1_000;
    this.#wrong = new RateLimiterMemory({ points, duration: seconds });
  }

  /** How many more may be wrong. */
  async left(key: string): Promise<number> {
    return (await this.#wrong.get(key))?.remainingPoints ?? this.#points;
  }

  /** @throws RequestError `rate-limited` when too many were wrong, beside what `attempt` throws */
  async run<T>(key: string, attempt: (wrong: Wrong) => Promise<T>): Promise<T> {
    for (;;) {
      const endedBefore = this.#ended;
      const counted = await this.#wrong.get(key);
      // One that has ended meanwhile may not be in that count.
      if (this.#ended !== endedBefore) continue;
      const left = counted?.remainingPoints ?? this.#points;
      if (left <= 0) throw new RequestError('rate-limited', 'Too many tries.', this.#waitMs(counted));
      const underWay = this.#underWay.get(key) ?? new Set();
      if (underWay.size < left) return this.#start(key, underWay, attempt);
      await Promise.race([...underWay].map((running) => running.catch(() => undefined)));
    }
  }

  /** It forgets by a timer, and reckons by the clock, which may have been set since: by hours, either way. */
  #waitMs(counted: RateLimiterRes | null): number {
    const reckoned = counted?.msBeforeNext ?? 0;
    return reckoned > 0 ? Math.min(reckoned, this.#windowMs) : this.#windowMs;
  }

  /** Synchronous until the attempt is among those under way. */
  #start<T>(key: string, underWay: Set<Promise<unknown>>, attempt: (wrong: Wrong) => Promise<T>): Promise<T> {
    const running = this.#counted(key, attempt).finally(() => {
      this.#ended += 1;
      underWay.delete(running);
      if (underWay.size === 0) this.#underWay.delete(key);
    });
    underWay.add(running);
    this.#underWay.set(key, underWay);
    return running;
  }

  async #counted<T>(key: string, attempt: (wrong: Wrong) => Promise<T>): Promise<T> {
    const verdict = { isWrong: false };
    try {
      return await attempt(() => {
        verdict.isWrong = true;
      });
    } finally {
      if (verdict.isWrong) await this.#wrong.penalty(key);
    }
  }
}
