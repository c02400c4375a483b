/** How fast anybody may ask. Counted in memory, as sessions are. */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RoomName } from '../conference/model.ts';
import { hostRequests } from './contract.ts';
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
const TOLD_TO_ALL: ReadonlySet<string> = new Set<RequestName>([
  ...(['chat', 'reactToMessage', 'react', 'raiseHand', 'rename', 'answerStage'] as const),
]);
/** Such requests of one socket in `TOLD_SECONDS`. Higher: livelier. Lower: nobody can flood a large room. */
const TOLD_POINTS = 25;
const TOLD_SECONDS = 10;
/**
 * What hosts ask for, of one socket in `TOLD_SECONDS`. Higher: a host may click for each of a class. Lower: less can be
 * done by one who was made co-host by mistake.
 */
const HOST_POINTS = 100;

/** Passwords that are wrong, from one address for one room. Higher: a class may mistype. Lower: harder to guess. */
const PASSWORD_POINTS = 20;
const PASSWORD_SECONDS = 300;

export class RateLimits {
  readonly #requests: BurstyRateLimiter;
  readonly #told = new RateLimiterMemory({ points: TOLD_POINTS, duration: TOLD_SECONDS });
  readonly #asked = new RateLimiterMemory({ points: HOST_POINTS, duration: TOLD_SECONDS });
  readonly #passwords = new RateLimiterMemory({ points: PASSWORD_POINTS, duration: PASSWORD_SECONDS });
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
    if (TOLD_TO_ALL.has(name)) await refuse(this.#told.consume(socketId));
    if (Object.hasOwn(hostRequests, name)) await refuse(this.#asked.consume(socketId));
  }

  /** @throws RequestError `rate-limited` */
  async join(address: string): Promise<void> {
    await refuse(this.#joins.consume(address));
  }

  /**
   * Counts a try at a password as wrong until `passwordWasNotWrong` takes it back: so that many at once count as well.
   * @throws RequestError `rate-limited`
   */
  async password(address: string, room: RoomName): Promise<void> {
    await refuse(this.#passwords.consume(`${address} ${room}`));
  }

  async passwordWasNotWrong(address: string, room: RoomName): Promise<void> {
    await this.#passwords.reward(`${address} ${room}`);
  }
}

/** @throws RequestError `rate-limited` when the limiter refuses */
export async function refuse(consumed: Promise<unknown>): Promise<void> {
  try {
    await consumed;
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    throw new RequestError('rate-limited', 'Too many requests.', rejection.msBeforeNext);
  }
}
