/** How often room numbers and PINs may be tried from telephones. Counted in memory; what was right is taken back. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ParticipantId, RoomName } from '../conference/model.ts';
import { refuse } from './rate-limits.ts';
import { Tries } from './tries.ts';
import type { Wrong } from './tries.ts';

/** Wrong PINs of one caller in `SECONDS`. Higher: clumsy fingers are forgiven. Lower: harder to guess. */
const CALLER_POINTS = 6;
/**
 * Wrong PINs for one room in `SECONDS`, by whomever: with six digits, an attacker with any number of lines needs more
 * than a year on average. Higher: less. Lower: easier to keep the others out by failing on purpose.
 */
const ROOM_POINTS = 12;
/** Wrong numbers and PINs over one trunk in `SECONDS`. Lower: one attacker keeps out more who share the trunk. */
const TRUNK_POINTS = 200;
const SECONDS = 900;
/** Messages of one caller in `MESSAGE_SECONDS`. Lower: nobody can flood a room from a telephone. */
const MESSAGE_POINTS = 10;
const MESSAGE_SECONDS = 30;

export interface Attempt {
  trunk: string;
  /** Of the caller; null if withheld: all such are one. */
  number: string | null;
}

export class CallerLimits {
  readonly #callers = new Tries({ points: CALLER_POINTS, seconds: SECONDS });
  readonly #rooms = new Tries({ points: ROOM_POINTS, seconds: SECONDS });
  readonly #trunks = new Tries({ points: TRUNK_POINTS, seconds: SECONDS });
  readonly #messages = new RateLimiterMemory({ points: MESSAGE_POINTS, duration: MESSAGE_SECONDS });

  /** @throws RequestError `rate-limited` */
  async message(caller: ParticipantId): Promise<void> {
    await refuse(this.#messages.consume(caller));
  }

  /** Tries that this caller has left, for any room; 0 when the trunk's are used up. */
  async triesLeft({ trunk, number }: Attempt): Promise<number> {
    const [caller, whole] = await Promise.all([
      this.#callers.left(`${trunk} ${String(number)}`),
      this.#trunks.left(trunk),
    ]);
    return whole === 0 ? 0 : caller;
  }

  /** Tries a number, and perhaps a PIN. @throws RequestError `rate-limited`, beside what `attempt` throws */
  number<T>({ trunk, number }: Attempt, attempt: (wrong: Wrong) => Promise<T>): Promise<T> {
    return this.#trunks.run(trunk, (wrongThere) =>
      this.#callers.run(`${trunk} ${String(number)}`, (wrongHere) =>
        attempt(() => {
          wrongHere();
          wrongThere();
        }),
      ),
    );
  }

  /** Tries a PIN of this room. @throws RequestError `rate-limited`, beside what `attempt` throws */
  pin<T>(room: RoomName, attempt: (wrong: Wrong) => Promise<T>): Promise<T> {
    return this.#rooms.run(room, attempt);
  }
}
