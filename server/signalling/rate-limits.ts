/** How fast anybody may ask. Counted in memory, as sessions are. */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RoomName } from '../conference/model.ts';
import { hostRequests } from './contract.ts';
import type { RequestName } from './contract.ts';
import { RequestError } from './errors.ts';
import { Tries } from './tries.ts';
import type { Wrong } from './tries.ts';

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
/** The same by whomever, for one room. Higher: more to guess with many addresses. Lower: easier to keep others out. */
const ROOM_PASSWORD_POINTS = 300;
const PASSWORD_SECONDS = 300;

/** Sockets that one address may open for each join that it may make: one whose network fails tries several times. */
const CONNECTIONS_PER_JOIN = 2;

export class RateLimits {
  readonly #requests: BurstyRateLimiter;
  readonly #told = new RateLimiterMemory({ points: TOLD_POINTS, duration: TOLD_SECONDS });
  readonly #asked = new RateLimiterMemory({ points: HOST_POINTS, duration: TOLD_SECONDS });
  readonly #passwords = new Tries({ points: PASSWORD_POINTS, seconds: PASSWORD_SECONDS });
  readonly #roomPasswords = new Tries({ points: ROOM_PASSWORD_POINTS, seconds: PASSWORD_SECONDS });
  readonly #joins: RateLimiterMemory;
  readonly #connections: RateLimiterMemory;

  constructor({ messagesPerSecond, messageBurst, joinsPerMinute }: RateLimitOptions) {
    this.#requests = new BurstyRateLimiter(
      new RateLimiterMemory({ points: messagesPerSecond, duration: 1 }),
      new RateLimiterMemory({ points: messageBurst, duration: BURST_SECONDS }),
    );
    this.#joins = new RateLimiterMemory({ points: joinsPerMinute, duration: 60 });
    const points = CONNECTIONS_PER_JOIN * joinsPerMinute;
    this.#connections = new RateLimiterMemory({ points, duration: 60 });
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

  /** @throws RequestError `rate-limited` */
  async connection(address: string): Promise<void> {
    await refuse(this.#connections.consume(address));
  }

  /** Tries a password. @throws RequestError `rate-limited`, beside what `attempt` throws */
  password<T>(address: string, room: RoomName, attempt: (wrong: Wrong) => Promise<T>): Promise<T> {
    return this.#passwords.run(`${address} ${room}`, (wrongHere) =>
      this.#roomPasswords.run(room, (wrongThere) =>
        attempt(() => {
          wrongHere();
          wrongThere();
        }),
      ),
    );
  }
}

/** Of the limits that requests meet. */
const LONGEST_WINDOW_MS = 60_000;

/** @throws RequestError `rate-limited` when the limiter refuses */
export async function refuse(consumed: Promise<unknown>): Promise<void> {
  try {
    await consumed;
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    // Limits end by timers, and are told by the clock, which may have been set back since.
    const waitMs = Math.min(rejection.msBeforeNext, LONGEST_WINDOW_MS);
    throw new RequestError('rate-limited', 'Too many requests.', waitMs);
  }
}
