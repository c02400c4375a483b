/** One participant's media: its transports, what it sends and what it receives. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { ConferenceError } from '../conference/errors.ts';
import type { ParticipantId, SubscriptionId } from '../conference/model.ts';
import type { MediaConnection, MediaParticipant, MediaPublication } from '../conference/ports.ts';
import type { Direction, View } from '../signalling/contract.ts';
import type { DtlsParameters, IceParameters, RtpCapabilities } from '../signalling/contract/rtp.ts';
import type { EventQueue } from './events.ts';
import type { Pipes } from './pipes.ts';
import { Publication } from './publications.ts';
import type { PublicationListener, PublicationRequest } from './publications.ts';
import { QualityMeter, qualityOf } from './quality.ts';
import { refusal, unavailable } from './refusal.ts';
import type { RoomRouter, Routers } from './routers.ts';
import type { SubscriptionListener } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';
import type { RoomState } from './subscriptions.ts';
import { openPlace } from './transports.ts';
import type { Place } from './transports.ts';

/** What a participant needs of its room. */
export interface ParticipantRoom extends RoomState, PublicationListener {
  readonly pipes: Pipes;
  readonly events: EventQueue;
  readonly routers: Routers;
  publicationOpened(publication: Publication): void;
  /** Nothing will come of a participant's place: it needs another. */
  placeFailed(participant: Participant): void;
  participantClosed(participant: Participant): void;
}

export class Participant implements MediaParticipant {
  readonly id: ParticipantId;
  readonly #room: ParticipantRoom;
  readonly #logger: Logger;
  readonly #publications = new Set<Publication>();
  readonly #quality = new QualityMeter();
  /** Makes the ids of this participant's subscriptions its own; none is ever used again. */
  readonly #subscriptionPrefix = `${randomBytes(6).toString('base64url')}.`;
  #subscriptionCount = 0;
  /** The last one, for the time without a place. */
  #connection: MediaConnection;
  /** Null between the loss of a worker and the arrival on another. */
  #place: Place | null;
  #subscriptions: Subscriptions | null = null;
  #view: View | null = null;
  #closed = false;

  constructor(id: ParticipantId, place: Place, room: ParticipantRoom, logger: Logger) {
    this.id = id;
    this.#place = place;
    this.#connection = place.connection();
    this.#room = room;
    this.#logger = logger;
    this.#watch(place);
  }

  get connection(): MediaConnection {
    if (this.#place) this.#connection = this.#place.connection();
    return this.#connection;
  }

  get place(): Place | null {
    return this.#place;
  }

  get at(): RoomRouter | null {
    return this.#place?.at ?? null;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get subscriptionCount(): number {
    return this.#subscriptions?.count ?? 0;
  }

  async connectTransport(direction: Direction, dtlsParameters: DtlsParameters): Promise<void> {
    const { transports } = this.#present();
    try {
      await transports[direction].connect({ dtlsParameters });
    } catch (error) {
      throw refusal(error);
    }
  }

  async restartIce(direction: Direction): Promise<IceParameters> {
    const { transports } = this.#present();
    try {
      return await transports[direction].restartIce();
    } catch (error) {
      throw refusal(error);
    }
  }

  setCapabilities(capabilities: RtpCapabilities): void {
    if (this.#closed || !this.#place) return;
    const { at, transports } = this.#place;
    const { pipes, events } = this.#room;
    this.#subscriptions?.close(false);
    this.#subscriptions = new Subscriptions(
      {
        at,
        transport: transports.receive,
        capabilities,
        pipes,
        told: this.#told(events),
        logger: this.#logger,
        nextId: () => `${this.#subscriptionPrefix}${this.#subscriptionCount++}`,
        isOwn: ({ participantId }) => participantId === this.id,
      },
      this.#room,
    );
    if (this.#view) this.#subscriptions.setView(this.#view);
    else this.#subscriptions.refresh();
  }

  async publish(request: PublicationRequest): Promise<MediaPublication> {
    const { at, transports } = this.#present();
    const publication = await Publication.open(request, this.id, at, transports.send, this.#room);
    // Gone while the worker was working: with the transport, or to another worker.
    if (this.#place?.transports !== transports) {
      publication.close();
      throw unavailable('Media is being moved to another worker.');
    }
    this.#publications.add(publication);
    this.#room.publicationOpened(publication);
    return publication;
  }

  setView(view: View): void {
    this.#view = view;
    this.#subscriptions?.setView(view);
  }

  async subscriptionsReady(ids: readonly SubscriptionId[]): Promise<void> {
    const unknown = ids.find((id) => !this.#isOwnSubscription(id));
    if (unknown !== undefined) {
      throw new ConferenceError('unknown-subscription', `There is no subscription ${unknown}.`);
    }
    this.#subscriptions?.ready(new Set(ids));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.leavePlace();
    this.#room.participantClosed(this);
  }

  // ------------------------------------------------------------------------------------ for the room

  /** What it receives may have to change. */
  refresh(): void {
    this.#subscriptions?.refresh();
  }

  publicationClosed(publication: Publication): void {
    this.#publications.delete(publication);
    this.#subscriptions?.publicationClosed(publication);
  }

  /** Gives up all that was at its place: subscriptions, publications, transports, in this order. Idempotent. */
  leavePlace(): void {
    const place = this.#place;
    this.#place = null;
    this.#subscriptions?.close(true);
    this.#subscriptions = null;
    this.#view = null;
    for (const publication of this.#publications) publication.close();
    place?.close();
  }

  /** Goes on at another place, with everything still to be built. @throws ConferenceError `media-unavailable` */
  async takePlace(): Promise<void> {
    const place = await openPlace(this.#room.routers);
    if (this.#closed) {
      place.close();
      return;
    }
    this.#place = place;
    this.#watch(place);
    this.#room.events.tell((to) => to.reset(this.id, this.connection));
  }

  /** Looks at the scores of all streams of this participant, and tells when its connection is another. */
  measureQuality(now: number): void {
    if (!this.#place) return;
    const { send, receive } = this.#place.transports;
    const cut = [send, receive].some(({ iceState }) => iceState === 'disconnected');
    const uplink = [...this.#publications].map(scoreOf).filter((score) => score !== null);
    const downlink = this.#subscriptions?.scores() ?? [];
    const changed = this.#quality.update(cut ? 'poor' : qualityOf([...uplink, ...downlink]), now);
    if (changed) this.#room.events.tell((to) => to.quality(this.id, changed));
  }

  #told(events: EventQueue): SubscriptionListener {
    return {
      opened: (subscription) => events.tell((to) => to.subscriptionOpened(this.id, subscription)),
      closed: (id) => events.tell((to) => to.subscriptionClosed(this.id, id)),
      paused: (id, paused) => events.tell((to) => to.subscriptionPaused(this.id, id, paused)),
      layers: (id, layers) => events.tell((to) => to.subscriptionLayers(this.id, id, layers)),
    };
  }

  /** Tells the log how the way to the participant is, once for each change. */
  #watch({ transports }: Place): void {
    for (const direction of ['send', 'receive'] as const) {
      const transport = transports[direction];
      transport.on('icestatechange', (state) => {
        if (state === 'disconnected') this.#logger.info({ direction }, 'no path to a participant');
      });
      transport.on('dtlsstatechange', (state) => {
        if (state === 'connected') this.#logger.debug({ direction }, 'transport connected');
        if (state !== 'failed') return;
        this.#logger.warn({ direction }, 'the DTLS handshake of a transport failed');
        // As with parameters that were on their way here when its place was another: a transport takes no second ones.
        if (this.#place?.transports === transports) this.#room.placeFailed(this);
      });
    }
  }

  #present(): Place {
    if (!this.#place) throw unavailable('Media is being moved to another worker.');
    return this.#place;
  }

  #isOwnSubscription(id: SubscriptionId): boolean {
    if (!id.startsWith(this.#subscriptionPrefix)) return false;
    const number = id.slice(this.#subscriptionPrefix.length);
    return /^\d{1,15}$/.test(number) && Number(number) < this.#subscriptionCount;
  }
}

/**
 * Of the best layer, as senders stop others by themselves; null where nothing is to be expected: before the first
 * packet, while muted, and while a shared screen stands still.
 */
function scoreOf({ producer, source }: Publication): number | null {
  if (producer.paused || producer.score.length === 0) return null;
  const best = Math.max(...producer.score.map(({ score }) => score));
  const mayRest = source === 'screen' || source === 'screenAudio';
  return best === 0 && mayRest ? null : best;
}
