/** What this participant receives: the client's end of each subscription, built and closed as the server tells. */
import type { types } from 'mediasoup-client';
import type { SubscriptionId, SubscriptionInfo } from '../../../server/signalling/contract.ts';
import type { Ask } from '../connection.ts';
import { isConnectionLoss, toRoomError } from '../errors.ts';
import type { RoomClientError } from '../errors.ts';
import type { PublicationMedia } from '../room-state.ts';
import type { Layers, PublicationId } from '../types.ts';

export interface ReceiverPort {
  ask: Ask;
  muted: (publicationId: PublicationId) => boolean;
  /** Streams of the same group are played in step, as lips and voice. */
  syncGroup: (subscription: SubscriptionInfo) => string;
  /** What is received of this publication is another thing now. */
  changed: (publicationId: PublicationId) => void;
  failed: (error: RoomClientError) => void;
}

interface Subscription {
  readonly info: SubscriptionInfo;
  consumer: types.Consumer | null;
  /** The server holds it back. */
  heldBack: boolean;
  /** Undefined until the server has told; null when bandwidth allows none. */
  layers: Layers | null | undefined;
}

/** What is known of a publication that is not received. */
const NOTHING: PublicationMedia = { track: null, paused: true, layers: null };

export class Receiver {
  readonly #port: ReceiverPort;
  readonly #subscriptions = new Map<SubscriptionId, Subscription>();
  /** The newest of each publication: one may be opened before its predecessor is closed. */
  readonly #byPublication = new Map<PublicationId, Subscription>();
  #transport: types.Transport | null = null;
  #built: SubscriptionId[] = [];

  constructor(port: ReceiverPort) {
    this.#port = port;
  }

  get consumers(): { publicationId: PublicationId; consumer: types.Consumer; layers: Layers | null }[] {
    return [...this.#byPublication].flatMap(([publicationId, { consumer, layers }]) =>
      consumer ? [{ publicationId, consumer, layers: layers ?? null }] : [],
    );
  }

  mediaOf(publicationId: PublicationId): PublicationMedia {
    const subscription = this.#byPublication.get(publicationId);
    if (!subscription) return NOTHING;
    const { consumer, heldBack, layers } = subscription;
    return { track: consumer?.track ?? null, paused: heldBack || layers === null, layers: layers ?? null };
  }

  /** Subscriptions that were opened while there was no transport are built now. */
  attach(transport: types.Transport): void {
    this.#transport = transport;
    for (const subscription of this.#subscriptions.values()) void this.#build(subscription, transport);
  }

  /** The transport is closed, and all that came over it is gone. */
  detach(): void {
    this.#transport = null;
    this.#subscriptions.clear();
    this.#built = [];
    const publicationIds = [...this.#byPublication.keys()];
    this.#byPublication.clear();
    for (const publicationId of publicationIds) this.#port.changed(publicationId);
  }

  /** The connection is back: what the server may not have heard is said again. */
  resume(): void {
    const built = [...this.#subscriptions].filter(([, { consumer }]) => consumer).map(([id]) => id);
    if (built.length > 0) void this.#tellReady(built);
  }

  opened(info: SubscriptionInfo): void {
    // Told again after a reconnection, perhaps.
    if (this.#subscriptions.has(info.id)) return;
    const subscription = { info, consumer: null, heldBack: false, layers: undefined };
    this.#subscriptions.set(info.id, subscription);
    this.#byPublication.set(info.publicationId, subscription);
    this.#port.changed(info.publicationId);
    if (this.#transport) void this.#build(subscription, this.#transport);
  }

  closed(id: SubscriptionId): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    const { publicationId } = subscription.info;
    this.#subscriptions.delete(id);
    // One that is still being built is closed when it is done.
    subscription.consumer?.close();
    if (this.#byPublication.get(publicationId) !== subscription) return;
    this.#byPublication.delete(publicationId);
    this.#port.changed(publicationId);
  }

  paused(id: SubscriptionId, heldBack: boolean): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    subscription.heldBack = heldBack;
    this.#silence(subscription);
    this.#port.changed(subscription.info.publicationId);
  }

  layersChanged(id: SubscriptionId, layers: Layers | null): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    subscription.layers = layers;
    this.#port.changed(subscription.info.publicationId);
  }

  /** Whether the publication is muted may be another thing now. */
  muteChanged(publicationId: PublicationId): void {
    const subscription = this.#byPublication.get(publicationId);
    if (subscription) this.#silence(subscription);
  }

  /**
   * Where packets end without a word, decoders go on with what they take for background noise. What is muted or
   * held back must not sound.
   */
  #silence({ info, consumer, heldBack }: Subscription): void {
    if (!consumer || info.kind === 'video') return;
    consumer.track.enabled = !heldBack && !this.#port.muted(info.publicationId);
  }

  /** Never rejects. Those begun in the same turn are negotiated together. */
  async #build(subscription: Subscription, transport: types.Transport): Promise<void> {
    const { id, publicationId, kind, rtpParameters } = subscription.info;
    let consumer;
    try {
      const streamId = this.#port.syncGroup(subscription.info);
      consumer = await transport.consume({ id, producerId: publicationId, kind, rtpParameters, streamId });
    } catch (error) {
      if (!transport.closed) this.#port.failed(toRoomError(error, 'unsupported-media'));
      return;
    }
    if (this.#subscriptions.get(id) !== subscription) {
      consumer.close();
      return;
    }
    subscription.consumer = consumer;
    this.#silence(subscription);
    this.#port.changed(publicationId);
    if (this.#built.push(id) === 1) queueMicrotask(() => this.#flushBuilt());
  }

  #flushBuilt(): void {
    const built = this.#built.filter((id) => this.#subscriptions.has(id));
    this.#built = [];
    if (built.length > 0) void this.#tellReady(built);
  }

  /** Never rejects. */
  async #tellReady(subscriptionIds: SubscriptionId[]): Promise<void> {
    try {
      await this.#port.ask('subscriptionsReady', { subscriptionIds });
    } catch (error) {
      // Closed on the server in the meantime, or said again by `resume`.
      if (!isConnectionLoss(error)) this.#port.failed(toRoomError(error, 'internal'));
    }
  }
}
