/** Hands what happens in a room's media to the conference: in order, and never from within a call. */
import type { Logger } from 'pino';
import type { MediaEvents } from '../conference/ports.ts';

export class EventQueue {
  readonly #events: MediaEvents;
  readonly #logger: Logger;
  #waiting: ((events: MediaEvents) => void)[] = [];
  #scheduled = false;
  #closed = false;

  constructor(events: MediaEvents, logger: Logger) {
    this.#events = events;
    this.#logger = logger;
  }

  /** Tells it after the running code has come to its end. */
  tell(event: (events: MediaEvents) => void): void {
    if (this.#closed) return;
    this.#waiting.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#flush());
  }

  /** Idempotent. What has not been told is dropped: the room is gone. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #flush(): void {
    this.#scheduled = false;
    const events = this.#waiting;
    this.#waiting = [];
    for (const event of events) {
      if (this.#closed) return;
      try {
        event(this.#events);
      } catch (error) {
        // One listener's mistake must not cost the others their events.
        this.#logger.error({ err: error }, 'a media event could not be handled');
      }
    }
  }
}
