/** A participant's events, numbered from 1, kept for a while so that those a lost socket took along are sent again. */
import type { EventBatch, RoomEvent } from './contract.ts';

/**
 * Events kept. Higher: a longer absence from a busier room can be made up for. Lower: less memory for each
 * participant. Who has missed more joins anew.
 */
const KEPT = 2_000;
/** Kept events are cut back only when so many are too many, as each cut copies all. */
const SLACK = 500;

export type Deliver = (batch: EventBatch) => void;

export class Outbox {
  #events: RoomEvent[] = [];
  /** The number of the first kept event. */
  #first = 1;
  /** The number of the last event that was delivered. */
  #delivered = 0;
  #deliver: Deliver | null = null;
  #scheduled = false;

  /** The number of the last event; 0 before the first. */
  get last(): number {
    return this.#first + this.#events.length - 1;
  }

  /** Whether everything after this event is still here. */
  covers(lastEvent: number): boolean {
    return lastEvent >= this.#first - 1 && lastEvent <= this.last;
  }

  /** What is pushed in one go is delivered as one batch, after the running code has come to its end. */
  push(event: RoomEvent): void {
    this.#events.push(event);
    if (this.#events.length > KEPT + SLACK) {
      this.#first += this.#events.length - KEPT;
      this.#events = this.#events.slice(-KEPT);
    }
    if (this.#scheduled || !this.#deliver) return;
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
    this.#deliver = null;
  }

  /** Delivers at once what waits. */
  flush(): void {
    if (!this.#deliver || this.#delivered >= this.last) return;
    const first = Math.max(this.#delivered + 1, this.#first);
    this.#delivered = this.last;
    this.#deliver({ first, events: this.#events.slice(first - this.#first) });
  }

  /** Puts another in the place of each event not yet delivered that has lost its truth while it waited. */
  amend(after: number, change: (event: RoomEvent) => RoomEvent): void {
    const from = Math.max(after + 1 - this.#first, 0);
    this.#events = this.#events.map((event, index) => (index < from ? event : change(event)));
  }
}
