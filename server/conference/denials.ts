/** Whom hosts have turned away from the door of one room: such may knock again after a while, and not at once. */
import type { Origin } from './door.ts';
import { ConferenceError } from './errors.ts';

/** In ms. Higher: hosts are left in peace for longer. Lower: who was turned away by mistake is back sooner. */
export const DENIED_MS = 60_000;
/**
 * So many from one address, and nobody from there knocks for a while. Higher: who knocks as somebody else each time is
 * heard more often. Lower: a few who are turned away keep out others behind the same router.
 */
const MAX_OF_ADDRESS = 3;

interface Denial {
  origin: Origin;
  /** By the clock that only goes forwards, in ms. */
  until: number;
}

export class Denials {
  #denials: Denial[] = [];

  /** @param now ms of a clock that only goes forwards */
  add(origin: Origin, now: number): void {
    this.#denials = [...this.#standing(now), { origin, until: now + DENIED_MS }];
  }

  /** @throws ConferenceError `denied`, with the time that is left */
  refuse(origin: Origin, now: number): void {
    const standing = this.#standing(now);
    const own = standing.findLast((denial) => isSame(denial.origin, origin));
    const ofAddress = standing.filter(({ origin: { address } }) => address === origin.address);
    const denial = own ?? ofAddress.at(-MAX_OF_ADDRESS);
    if (!denial) return;
    throw new ConferenceError('denied', 'A host has turned you away; you may knock again later.', {
      retryAfterMs: Math.ceil(denial.until - now),
    });
  }

  #standing(now: number): Denial[] {
    return this.#denials.filter(({ until }) => until > now);
  }
}

/** By person, browser or telephone; who says nothing of these, by address. */
function isSame(denied: Origin, origin: Origin): boolean {
  if (origin.subject === null && origin.deviceId === null) return denied.address === origin.address;
  return (
    (origin.subject !== null && denied.subject === origin.subject) ||
    (origin.deviceId !== null && denied.deviceId === origin.deviceId)
  );
}
