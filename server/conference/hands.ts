/** Raised hands of one room: a queue, by the time at which each went up. */
import type { Participant } from './participant.ts';
import { requirePower } from './roles.ts';

export class Hands {
  /** Ms since the epoch. */
  readonly #now: () => number;
  /** When the last one went up: no two at the same time, so that their order is known. */
  #lastAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws ConferenceError `forbidden` */
  raise(participant: Participant, raised: boolean): void {
    requirePower(participant, 'raise-hand');
    if (raised) this.#lastAt = Math.max(this.#now(), this.#lastAt + 1);
    participant.setHand(raised ? this.#lastAt : null);
  }
}
