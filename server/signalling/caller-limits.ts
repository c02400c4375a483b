/** How often room numbers and PINs may be tried from telephones. Counted in memory; what was right is taken back. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ParticipantId, RoomName } from '../conference/model.ts';
import { refuse } from './rate-limits.ts';

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
  readonly #callers = new RateLimiterMemory({ points: CALLER_POINTS, duration: SECONDS });
  readonly #rooms = new RateLimiterMemory({ points: ROOM_POINTS, duration: SECONDS });
  readonly #trunks = new RateLimiterMemory({ points: TRUNK_POINTS, duration: SECONDS });

  readonly #messages = new RateLimiterMemory({ points: MESSAGE_POINTS, duration: MESSAGE_SECONDS });

  /** @throws RequestError `rate-limited` */
  async message(caller: ParticipantId): Promise<void> {
    await refuse(this.#messages.consume(caller));
  }

  /** Tries that this caller has left, for any room; 0 when the trunk's are used up. */
  async triesLeft({ trunk, number }: Attempt): Promise<number> {
    const [caller, whole] = await Promise.all([
      this.#callers.get(`${trunk} ${String(number)}`),
      this.#trunks.get(trunk),
    ]);
    return whole?.remainingPoints === 0 ? 0 : (caller?.remainingPoints ?? CALLER_POINTS);
  }

  /** Whether so many PINs of this room were wrong that none is listened to. */
  async isShut(room: RoomName): Promise<boolean> {
    return (await this.#rooms.get(room))?.remainingPoints === 0;
  }

  /** @param room whose PIN was wrong; null for a number that is no room's */
  async failed({ trunk, number }: Attempt, room: RoomName | null): Promise<void> {
    await Promise.all([
      this.#callers.penalty(`${trunk} ${String(number)}`),
      this.#trunks.penalty(trunk),
      ...(room === null ? [] : [this.#rooms.penalty(room)]),
    ]);
  }
}
