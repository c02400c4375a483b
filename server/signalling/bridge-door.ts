/** Who may speak as a bridge: whoever has the secret, and how often others may guess at it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RequestError } from './errors.ts';
import { Tries } from './tries.ts';

/**
 * Wrong secrets of one address in `SECONDS`. Higher: harder to keep out bridges that share an address with whoever guesses.
 * Lower: harder to guess. A bridge with a wrong secret, which asks every few seconds, must not use them up.
 */
const POINTS = 30;
const SECONDS = 60;

export class BridgeDoor {
  readonly #secret: string;
  readonly #logger: Logger;
  readonly #tries = new Tries({ points: POINTS, seconds: SECONDS });
  /** What has been logged of whom of late. */
  readonly #told = new RateLimiterMemory({ points: 1, duration: SECONDS });

  constructor(secret: string, logger: Logger) {
    this.#secret = secret;
    this.#logger = logger;
  }

  /** @throws RequestError `forbidden`, or `rate-limited` whatever the secret */
  async admit(address: string, given: unknown): Promise<void> {
    try {
      await this.#tries.run(address, async (wrong) => {
        if (isSame(given, this.#secret)) return;
        wrong();
        throw new RequestError('forbidden', 'The secret is wrong.');
      });
    } catch (error) {
      if (error instanceof RequestError) await this.#tell(address, error.code);
      throw error;
    }
  }

  /** Once for all tries of an address, so that nobody fills the log. */
  async #tell(address: string, code: RequestError['code']): Promise<void> {
    const isNews = await this.#told.consume(`${code} ${address}`).then(
      () => true,
      () => false,
    );
    if (!isNews) return;
    if (code === 'forbidden') this.#logger.warn({ address }, 'a bridge with a wrong secret was refused');
    else
      this.#logger.warn({ address, seconds: SECONDS }, 'after too many wrong secrets, none is listened to');
  }
}

/** In a time that tells nothing, not even of the length. */
function isSame(given: unknown, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}
