/** Coming back after the connection was lost: how often, how long, and when not. */
import { reconnectDelayMs } from './backoff.ts';
import { isWorthRetrying, toRoomError } from './errors.ts';
import type { RoomClientError } from './errors.ts';
import { Pause } from './pause.ts';

interface ComebackParts {
  /** One try. @throws RoomClientError */
  readonly enter: () => Promise<void>;
  /** Told before each try, counted from 1. */
  readonly trying: (attempt: number) => void;
  /** It never will be: told once, after which there is no other try. */
  readonly givenUp: (error: RoomClientError) => void;
  /** Whether nobody wants to come back any more. */
  readonly isCalledOff: () => boolean;
}

export class Comeback {
  readonly #parts: ComebackParts;
  readonly #pause = new Pause();

  constructor(parts: ComebackParts) {
    this.#parts = parts;
  }

  /** Knocks until the room is entered, or it is clear that it never will be. One at a time. Never rejects. */
  async run(): Promise<void> {
    const { enter, trying, givenUp, isCalledOff } = this.#parts;
    let retryAfterMs = 0;
    for (let attempt = 1; ; attempt += 1) {
      trying(attempt);
      await this.#pause.wait(reconnectDelayMs(attempt, Math.random(), retryAfterMs));
      if (isCalledOff()) return;
      try {
        await enter();
        return;
      } catch (error) {
        if (isCalledOff()) return;
        const failure = toRoomError(error, 'internal');
        if (!isWorthRetrying(failure)) {
          givenUp(failure);
          return;
        }
        retryAfterMs = failure.retryAfterMs ?? 0;
      }
    }
  }

  /** The next try comes at once: there may be a way now, or nobody wants one any more. */
  hurry(): void {
    this.#pause.hurry();
  }
}
