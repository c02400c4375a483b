/** Delivers what is queued: several lines at a time, each in order, each failure again later. */
import type { Logger } from 'pino';
import type { Clock } from '../conference/ports.ts';
import { MAX_ATTEMPTS, retryDelayMs } from './backoff.ts';
import type { Delivery, DeliveryQueue, QueuedDelivery } from './queue.ts';
import type { Receiver } from './receivers.ts';

export interface DeliveriesParts {
  queue: DeliveryQueue;
  /** Null for one that is gone. */
  receiver: (id: string) => Receiver | null;
  /** @returns the HTTP status. @throws Error when there is no answer */
  send: (receiver: Receiver, delivery: Delivery, signal: AbortSignal) => Promise<number>;
  clock: Clock;
  logger: Logger;
  /** 0 to 1. */
  chance: () => number;
}

/** Requests at a time. Higher: slow receivers hold up others less. Lower: less memory and fewer sockets. */
const AT_A_TIME = 8;
/**
 * Pause before what has become of a delivery is written down again when the disk did not take it, in ms. Shorter: a disk
 * that is full is asked more often. Longer: what comes after it waits longer once there is room.
 */
const WRITE_AGAIN_MS = 10_000;
/** Deliveries that wait. More are lost: a receiver that is gone for long must not fill the disk. */
const MAX_QUEUED = 20_000;

export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Added in this turn of the event loop; a class that comes in at once is one write to the disk. */
  #fresh: Delivery[] = [];
  #cancelTimer: (() => void) | null = null;
  /** False while another process delivers. */
  #delivers = false;
  /** Tells that process that there is more. */
  #tellOther: (() => void) | null = null;

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /** Goes on with what is in the queue, whichever process has put it there. Again when another one has put more. */
  start(receivers: readonly string[]): void {
    this.#delivers = true;
    this.#tellOther = null;
    this.#parts.queue.keepOnly(receivers);
    this.#work();
  }

  /** Leaves delivering to another process, which is told when none is under way here, and then whenever there is more. */
  handOver(more: () => void): void {
    this.#delivers = false;
    this.#tellOther = more;
    this.#work();
  }

  /** Never throws. */
  add(deliveries: readonly Delivery[]): void {
    if (this.#fresh.length === 0) setImmediate(() => this.#take());
    this.#fresh.push(...deliveries);
  }

  /** What is under way is called off, and stays in the queue. */
  async stop(): Promise<void> {
    this.#take();
    this.#stopping.abort();
    this.#cancelTimer?.();
    await Promise.all(this.#underWay.values());
  }

  #take(): void {
    const { queue, logger } = this.#parts;
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length === 0) return;
    try {
      const room = Math.max(0, MAX_QUEUED - queue.count());
      if (room < fresh.length) logger.error({ lost: fresh.length - room }, 'too many webhooks wait');
      queue.add(fresh.slice(0, room));
    } catch (error) {
      logger.error({ err: error, lost: fresh.length }, 'webhooks could not be queued');
    }
    this.#work();
  }

  /** Begins what is due, and sets the clock for what is due next; or leaves it to the other process. */
  #work(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (!this.#delivers) {
      // What is under way is in the queue as well: the other one would send it again.
      if (this.#underWay.size === 0) this.#tellOther?.();
      return;
    }
    if (this.#stopping.signal.aborted) return;
    const { queue, clock } = this.#parts;
    const now = clock.now();
    for (const delivery of queue.due(now, AT_A_TIME + this.#underWay.size)) {
      if (this.#underWay.size >= AT_A_TIME) return;
      if (this.#underWay.has(delivery.sequence)) continue;
      const done = this.#attempt(delivery).finally(() => {
        this.#underWay.delete(delivery.sequence);
        this.#work();
      });
      this.#underWay.set(delivery.sequence, done);
    }
    const next = queue.nextAfter(now);
    if (next !== null) this.#cancelTimer = clock.after(next - now, () => this.#work());
  }

  /** Never rejects. */
  async #attempt(delivery: QueuedDelivery): Promise<void> {
    const { queue, clock, logger, send, chance } = this.#parts;
    const { sequence, id, about } = delivery;
    const receiver = this.#parts.receiver(delivery.receiver);
    if (!receiver) {
      await this.#write(() => queue.remove(sequence));
      return;
    }
    const problem = await send(receiver, delivery, this.#stopping.signal).then(
      (status) => (status >= 200 && status < 300 ? null : `status ${status}`),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (problem !== null && this.#stopping.signal.aborted) return;
    if (problem === null) {
      await this.#write(() => queue.remove(sequence));
      logger.debug({ webhook: id, about }, 'webhook delivered');
      return;
    }
    const attempts = delivery.attempts + 1;
    const details = { webhook: id, about, host: new URL(receiver.url).host, attempts, problem };
    if (attempts >= MAX_ATTEMPTS) {
      await this.#write(() => queue.remove(sequence));
      logger.error(details, 'webhook given up');
      return;
    }
    const delayMs = retryDelayMs(attempts, chance());
    logger.warn({ ...details, delayMs: Math.round(delayMs) }, 'webhook failed');
    await this.#write(() => queue.postpone(sequence, attempts, clock.now() + delayMs));
  }

  /**
   * Writes down what has become of a delivery, which is under way until that is done: else it would be sent again at once.
   * Never rejects; when this is stopped before, it stays as it was.
   */
  async #write(entry: () => void): Promise<void> {
    for (;;) {
      try {
        entry();
        return;
      } catch (err) {
        this.#parts.logger.error({ err }, 'what has become of a webhook could not be written down yet');
      }
      await this.#pause(WRITE_AGAIN_MS);
      if (this.#stopping.signal.aborted) return;
    }
  }

  /** Ends at once when this is stopped. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        callOff();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.#parts.clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  }
}
