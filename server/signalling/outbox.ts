/** A participant's events, numbered from 1, kept for a while so that those a lost socket took along are sent again. */
import type { Clock } from '../conference/ports.ts';
import type { EventBatch, RoomEvent } from './contract.ts';

/**
 * Events kept. Higher: a longer absence from a busier room can be made up for. Lower: less memory for each
 * participant. Who has missed more joins anew.
 */
const KEPT = 2_000;
/** Kept events are cut back only when so many are too many, as each cut copies all. */
const SLACK = 500;

/**
 * Pause after a batch, in ms; what comes meanwhile waits for its end and goes together. Higher: fewer messages while many
 * come or go at once. Lower: everybody is told of that sooner. The first event after a quiet while never waits.
 */
const PAUSE_MS = 50;
/** What does not wait, and takes along what does: without it there is no picture, or a wrong one. */
const URGENT: ReadonlySet<RoomEvent['type']> = new Set([
  ...(['subscriptionOpened', 'subscriptionPaused', 'mediaReset', 'ended'] as const),
]);

export type Deliver = (batch: EventBatch) => void;

export class Outbox {
  readonly #clock: Pick<Clock, 'after'>;
  #events: RoomEvent[] = [];
  /** The number of the first kept event. */
  #first = 1;
  /** The number of the last event that was delivered. */
  #delivered = 0;
  #deliver: Deliver | null = null;
  #scheduled = false;
  /** Null when nothing holds back the next event. */
  #endPause: (() => void) | null = null;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** The number of the last event; 0 before the first. */
  get last(): number {
    return this.#first + this.#events.length - 1;
  }

  /** Whether everything after this event is still here. */
  covers(lastEvent: number): boolean {
    return lastEvent >= this.#first - 1 && lastEvent <= this.last;
  }

  /**
   * What is pushed in one go is delivered as one batch, after the running code has come to its end, or after the pause
   * that follows an earlier one.
   */
  push(event: RoomEvent): void {
    this.#events.push(event);
    if (this.#events.length > KEPT + SLACK) {
      this.#first += this.#events.length - KEPT;
      this.#events = this.#events.slice(-KEPT);
    }
    if (this.#scheduled || !this.#deliver || (this.#endPause && !URGENT.has(event.type))) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Delivers what came after `lastEvent`, then all that follows. The caller has asked `covers`. */
  attach(deliver: Deliver, lastEvent: number): void {
    this.#deliver = deliver;
    this.#delivered = lastEvent;
    this.flush();
  }

  detach(): void {
    this.#endPause?.();
    this.#endPause = null;
    this.#deliver = null;
  }

  /** Delivers at once what waits. */
  flush(): void {
    if (!this.#deliver || this.#delivered >= this.last) return;
    const first = Math.max(this.#delivered + 1, this.#first);
    this.#delivered = this.last;
    this.#deliver({ first, events: this.#events.slice(first - this.#first) });
    this.#endPause?.();
    this.#endPause = this.#clock.after(PAUSE_MS, () => {
      this.#endPause = null;
      this.flush();
    });
  }

  /** Puts another in the place of each event not yet delivered that has lost its truth while it waited. */
  amend(after: number, change: (event: RoomEvent) => RoomEvent): void {
    const from = Math.max(after + 1 - this.#first, 0);
    this.#events = this.#events.map((event, index) => (index < from ? event : change(event)));
  }
}
