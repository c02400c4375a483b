/** How fast anybody may ask. Counted in memory, as sessions are. */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RequestName } from './contract.ts';
import { RequestError } from './errors.ts';

export interface RateLimitOptions {
  /** Requests of one socket, over a longer time. */
  messagesPerSecond: number;
  /** Requests of one socket beyond that, in `BURST_SECONDS`: joining takes many at once. */
  messageBurst: number;
  /** Joins from one address. A class behind one router comes all at once. */
  joinsPerMinute: number;
}

const BURST_SECONDS = 10;

/** Requests that everybody in the room is told of cost the server as much as the room has participants. */
const TOLD_TO_ALL: ReadonlySet<RequestName> = new Set(['chat', 'react', 'raiseHand', 'rename']);
/** Such requests of one socket in `TOLD_SECONDS`. Higher: livelier. Lower: nobody can flood a large room. */
const TOLD_POINTS = 25;
const TOLD_SECONDS = 10;

export class RateLimits {
  readonly #requests: BurstyRateLimiter;
  readonly #told = new RateLimiterMemory({ points: TOLD_POINTS, duration: TOLD_SECONDS });
  readonly #joins: RateLimiterMemory;

  constructor({ messagesPerSecond, messageBurst, joinsPerMinute }: RateLimitOptions) {
    this.#requests = new BurstyRateLimiter(
      new RateLimiterMemory({ points: messagesPerSecond, duration: 1 }),
      new RateLimiterMemory({ points: messageBurst, duration: BURST_SECONDS }),
    );
    this.#joins = new RateLimiterMemory({ points: joinsPerMinute, duration: 60 });
  }

  /** @throws RequestError `rate-limited` */
  async request(socketId: string, name: string): Promise<void> {
    await refuse(this.#requests.consume(socketId));
    if (isToldToAll(name)) await refuse(this.#told.consume(socketId));
  }

  /** @throws RequestError `rate-limited` */
  async join(address: string): Promise<void> {
    await refuse(this.#joins.consume(address));
  }
}

function isToldToAll(name: string): boolean {
  return [...TOLD_TO_ALL].some((told) => told === name);
}

async function refuse(consumed: Promise<unknown>): Promise<void> {
  try {
    await consumed;
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    throw new RequestError('rate-limited', 'Too many requests.', rejection.msBeforeNext);
  }
}
