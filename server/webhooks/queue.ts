/** What is still to be delivered, in lines that outlive the process: one line for each receiver and room, or call. */

export interface Delivery {
  /** The event's; the same for all receivers, and each time it is tried. */
  id: string;
  /** Id of the one who gets it. */
  receiver: string;
  /** A room, or a call: of one of them nothing overtakes what came before. */
  about: string;
  body: string;
}

export interface QueuedDelivery extends Delivery {
  /** Unique, in the order of adding. */
  sequence: number;
  /** That have failed. */
  attempts: number;
}

/** Implemented by the store. */
export interface DeliveryQueue {
  /** At the end of their lines; all or none of them. */
  add(deliveries: readonly Delivery[]): void;
  /** The first of each line whose time has come, at most `limit`. @param now ms since the epoch */
  due(now: number, limit: number): QueuedDelivery[];
  /** When the next of those that are first in their lines is due after `now`; both in ms since the epoch. */
  nextAfter(now: number): number | null;
  /** @param at when it is tried again, in ms since the epoch */
  postpone(sequence: number, attempts: number, at: number): void;
  remove(sequence: number): void;
  /** Forgets what is for other receivers. */
  keepOnly(receivers: readonly string[]): void;
  count(): number;
}
