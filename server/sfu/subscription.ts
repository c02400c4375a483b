/**
 * One participant's subscription to one publication: what is wished, what the worker does, and the loop that
 * brings the second to the first. Wishes may change at any time; the last one counts.
 */
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { SubscriptionId } from '../conference/model.ts';
import type { Layers, SubscriptionInfo } from '../signalling/contract.ts';
import type { RtpCapabilities } from '../signalling/contract/rtp.ts';
import type { Allocation } from './allocation.ts';
import type { Hold, Pipes } from './pipes.ts';
import type { Publication } from './publications.ts';
import type { RoomRouter } from './routers.ts';
import { parametersForClients } from './rtp.ts';

export interface Wish {
  /** Whether it is to be forwarded; else it is held back, ready to come. */
  active: boolean;
  /** Layers and priority, for video. */
  allocation: Allocation | null;
}

/** The receiving end, which all subscriptions of a participant, or of a bridge, share. */
export interface Receiver {
  readonly at: RoomRouter;
  readonly transport: types.Transport;
  readonly capabilities: RtpCapabilities;
  readonly pipes: Pipes;
  readonly told: SubscriptionListener;
  readonly logger: Logger;
  nextId(): SubscriptionId;
  /** What it sends itself it does not receive. */
  isOwn(publication: Publication): boolean;
}

/** Learns of what becomes of subscriptions. Must not throw, nor call back into them at once. */
export interface SubscriptionListener {
  opened(subscription: SubscriptionInfo): void;
  closed(id: SubscriptionId): void;
  paused(id: SubscriptionId, paused: boolean): void;
  layers(id: SubscriptionId, layers: Layers | null): void;
}

/** Pauses before something that failed is tried again, in ms. */
const RETRY_FIRST_MS = 250;
const RETRY_LONGEST_MS = 8_000;

/** The worker's end, once it is there. */
interface Open {
  id: SubscriptionId;
  consumer: types.Consumer;
  hold: Hold;
  /** Whether the receiver has built its end. */
  ready: boolean;
  /** What the receiver believes. */
  toldActive: boolean;
  allocation: Allocation | null;
}

export class Subscription {
  readonly publication: Publication;
  readonly #receiver: Receiver;
  #wish: Wish;
  #open: Open | null = null;
  #closed = false;
  #reconciling = false;
  #retryTimer: NodeJS.Timeout | null = null;
  /** In a row. */
  #failures = 0;

  constructor(publication: Publication, receiver: Receiver, wish: Wish) {
    this.publication = publication;
    this.#receiver = receiver;
    this.#wish = wish;
    this.reconcile();
  }

  /** Null until it has been opened. */
  get id(): SubscriptionId | null {
    return this.#open?.id ?? null;
  }

  /** Score of the stream to the receiver, 0 to 10; null while nothing is forwarded. */
  get score(): number | null {
    const consumer = this.#open?.consumer;
    return !consumer || consumer.paused || consumer.producerPaused ? null : consumer.score.score;
  }

  wish(wish: Wish): void {
    this.#wish = wish;
    this.reconcile();
  }

  /** The receiver has built its end. */
  ready(): void {
    if (!this.#open) return;
    this.#open.ready = true;
    this.reconcile();
  }

  /** Idempotent. @param silent when the receiver knows already */
  close(silent: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    this.#drop(silent);
  }

  /** Looks again at what is to be done. */
  reconcile(): void {
    if (!this.#reconciling && !this.#retryTimer) void this.#reconcile();
  }

  /** One step after the other until nothing is left to do; a step may overtake changed wishes, the next won't. */
  async #reconcile(): Promise<void> {
    this.#reconciling = true;
    try {
      for (let step = this.#nextStep(); step; step = this.#nextStep()) await step();
      this.#failures = 0;
    } catch (error) {
      if (!this.#closed) this.#tryAgainLater(error);
    } finally {
      this.#reconciling = false;
    }
  }

  #nextStep(): (() => Promise<void>) | null {
    if (this.#closed) return null;
    const open = this.#open;
    const { active, allocation } = this.#wish;
    // What has been scrolled past before it was there need not come.
    if (!open) return active || this.publication.kind === 'audio' ? () => this.#openConsumer() : null;
    const { consumer } = open;
    this.#tellActive(open, active);
    // Sound may flow at once: what comes too early is dropped by the receiver, and half a round trip is won.
    // Video waits: the key frame must not come too early.
    const flows = active && (open.ready || consumer.kind === 'audio');
    if (!flows && !consumer.paused) return () => consumer.pause();
    if (active && allocation && !isSame(allocation, open.allocation)) {
      return () => this.#allocate(open, allocation);
    }
    if (flows && consumer.paused) return () => consumer.resume();
    return null;
  }

  async #openConsumer(): Promise<void> {
    const { at, transport, capabilities, pipes, told } = this.#receiver;
    const { publication } = this;
    const hold = await pipes.hold(publication, at);
    try {
      if (this.#closed) return;
      const { producerId } = hold;
      if (!at.router.canConsume({ producerId, rtpCapabilities: capabilities })) {
        this.#receiver.logger.info({ publicationId: publication.id }, 'a codec is unknown to the receiver');
        this.#closed = true;
        return;
      }
      const { active, allocation } = this.#wish;
      const consumer = await transport.consume({
        producerId,
        rtpCapabilities: capabilities,
        paused: publication.kind === 'video' || !active,
        ...(allocation ? { preferredLayers: layersOf(allocation) } : {}),
      });
      if (this.#isClosed()) {
        consumer.close();
        return;
      }
      const id = this.#receiver.nextId();
      const open = { id, consumer, hold, ready: false, toldActive: true, allocation: null };
      this.#open = open;
      consumer.on('producerclose', () => this.#lost(open));
      consumer.on('layerschange', (layers) => told.layers(id, layers ?? null));
      told.opened({
        id,
        publicationId: publication.id,
        participantId: publication.participantId,
        kind: publication.kind,
        rtpParameters: parametersForClients(consumer.rtpParameters),
      });
      this.#tellActive(open, active);
    } finally {
      if (!this.#open) hold.release();
    }
  }

  async #allocate(open: Open, allocation: Allocation): Promise<void> {
    const { consumer } = open;
    const before = open.allocation;
    open.allocation = allocation;
    try {
      const layered = consumer.type === 'simulcast' || consumer.type === 'svc';
      await Promise.all([
        layered ? consumer.setPreferredLayers(layersOf(allocation)) : undefined,
        before?.priority === allocation.priority ? undefined : consumer.setPriority(allocation.priority),
      ]);
    } catch (error) {
      open.allocation = before;
      throw error;
    }
  }

  #tellActive(open: Open, active: boolean): void {
    if (open.toldActive === active) return;
    open.toldActive = active;
    this.#receiver.told.paused(open.id, !active);
  }

  /** The producer behind it has gone, with a pipe or for good. When it was the pipe, another one is opened. */
  #lost(open: Open): void {
    if (this.#closed || this.#open !== open) return;
    this.#drop(false);
    this.#tryAgainLater(new Error('The producer of a subscription was closed.'));
  }

  #drop(silent: boolean): void {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    open.consumer.close();
    open.hold.release();
    if (!silent) this.#receiver.told.closed(open.id);
  }

  /** Logs the first failure in a row only. */
  #tryAgainLater(error: unknown): void {
    if (this.#retryTimer) return;
    if (this.#failures === 0) {
      const context = { err: error, publicationId: this.publication.id };
      this.#receiver.logger.warn(context, 'a subscription failed and is tried again');
    }
    const pauseMs = Math.min(RETRY_FIRST_MS * 2 ** this.#failures, RETRY_LONGEST_MS);
    this.#failures += 1;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      this.reconcile();
    }, pauseMs);
  }

  /** Asked again after waiting, when the compiler remembers an older answer. */
  #isClosed(): boolean {
    return this.#closed;
  }
}

function layersOf({ spatialLayer, temporalLayer }: Allocation): types.ConsumerLayers {
  return { spatialLayer, temporalLayer };
}

function isSame(a: Allocation, b: Allocation | null): boolean {
  return (
    b !== null &&
    a.spatialLayer === b.spatialLayer &&
    a.temporalLayer === b.temporalLayer &&
    a.priority === b.priority
  );
}
