/** All media of one client: both transports of its current place on the server, and what outlives them. */
import type { types } from 'mediasoup-client';
import type {
  Direction,
  JoinedAnswer,
  RoomEvent,
  SubscriptionInfo,
  TransportParameters,
} from '../../../server/signalling/contract.ts';
import type { Ask } from '../connection.ts';
import { isConnectionLoss, toRoomError } from '../errors.ts';
import type { RoomClientError } from '../errors.ts';
import type { PublicationMedia } from '../room-state.ts';
import type { MediaPath, PublicationId, RoomStats, Source, View } from '../types.ts';
import { may } from '../words.ts';
import { Engine } from './engine.ts';
import { Publisher } from './publisher.ts';
import type { PublisherPort } from './publisher.ts';
import { Receiver } from './receiver.ts';
import { StatsReader } from './stats.ts';
import { TransportEnd } from './transport-end.ts';

export type MediaParameters = Pick<JoinedAnswer, 'rtpCapabilities' | 'transports'>;

/** What the media side needs of its client. */
export interface MediaPort extends PublisherPort {
  ask: Ask;
  /** What is on display when subscriptions begin. */
  view: () => View | null;
  /** The server has been given this view with the wish to receive. */
  viewed: (view: View | null) => void;
  muted: (publicationId: PublicationId) => boolean;
  syncGroup: (subscription: SubscriptionInfo) => string;
  received: (publicationId: PublicationId) => void;
  pathChanged: (direction: Direction, path: MediaPath) => void;
  failed: (error: RoomClientError) => void;
}

export class Media {
  readonly #port: MediaPort;
  readonly #engine = new Engine();
  readonly #publishers: Record<Source, Publisher>;
  readonly #receiver: Receiver;
  readonly #stats = new StatsReader();
  #iceServers: RTCIceServer[] = [];
  #ends: { send: TransportEnd; receive: TransportEnd } | null = null;
  /** What to say to the server to receive, until it has heard it. */
  #unconfirmedReady: types.RtpCapabilities | null = null;
  /** Counts the places; what was begun at an earlier one stops. */
  #place = 0;
  #producerCount = 0;

  constructor(port: MediaPort) {
    this.#port = port;
    this.#publishers = {
      microphone: new Publisher('microphone', port),
      camera: new Publisher('camera', port),
      screen: new Publisher('screen', port),
      screenAudio: new Publisher('screenAudio', port),
    };
    this.#receiver = new Receiver({
      ask: port.ask,
      muted: port.muted,
      syncGroup: port.syncGroup,
      changed: port.received,
      failed: port.failed,
    });
  }

  /** To be called before there is a place, to save time. @throws RoomClientError `unsupported-browser` */
  warmUp(): void {
    this.#engine.warmUp();
  }

  publisher(source: Source): Publisher {
    return this.#publishers[source];
  }

  get publishers(): Publisher[] {
    return Object.values(this.#publishers);
  }

  /** What is sent or received of a publication. */
  mediaOf(publicationId: PublicationId): PublicationMedia {
    const own = this.publishers.find(({ sent }) => sent?.publicationId === publicationId);
    if (own) return { track: own.wish?.track ?? null, paused: false, layers: null };
    return this.#receiver.mediaOf(publicationId);
  }

  /** TURN servers, if the server has any. */
  setIceServers(iceServers: JoinedAnswer['iceServers']): void {
    this.#iceServers = iceServers;
  }

  /**
   * Begins for somebody who has come in anew: where all do so quietly, nothing is heard or seen of what was wished before.
   * @throws as `start`
   */
  async enter(answer: JoinedAnswer): Promise<void> {
    const { role, room } = answer;
    if (room.settings.quietEntry && !may(role, 'moderate')) {
      for (const source of ['microphone', 'camera'] as const) this.#publishers[source].quieten();
    }
    await this.start(answer);
  }

  /**
   * Begins anew at the place that the server gives: after a join, or after a lost worker. Resolves when all is
   * under way. @throws RoomClientError `unsupported-browser`
   */
  async start({ rtpCapabilities, transports }: MediaParameters): Promise<void> {
    this.#leavePlace();
    const place = this.#place;
    const device = await this.#engine.load(rtpCapabilities);
    if (place !== this.#place) return;
    const send = this.#end('send', device, transports.send);
    const receive = this.#end('receive', device, transports.receive);
    this.#ends = { send, receive };
    this.#unconfirmedReady = device.recvRtpCapabilities;
    void this.#sayReady();
    for (const publisher of this.publishers) publisher.attach(send.transport);
    this.#receiver.attach(receive.transport);
  }

  /** The connection is gone. What flows goes on flowing as long as the server lets it. */
  suspend(): void {
    for (const publisher of this.publishers) publisher.suspend();
    this.#ends?.send.suspend();
    this.#ends?.receive.suspend();
  }

  /** The connection is back as the same participant: says again what may have been lost, finds a new path. */
  async resume(transports: JoinedAnswer['transports']): Promise<void> {
    const ends = this.#ends;
    for (const publisher of this.publishers) publisher.resume();
    // Another place has been given in the meantime: the event that tells so follows.
    if (ends?.send.transport.id !== transports.send.id) return;
    void this.#sayReady();
    this.#receiver.resume();
    await Promise.all([
      ends.send.resume(transports.send.iceParameters),
      ends.receive.resume(transports.receive.iceParameters),
    ]);
  }

  /** The network is another one. */
  renewPaths(): void {
    this.#ends?.send.renew();
    this.#ends?.receive.renew();
  }

  /** What the room knows of a publication is another thing now. */
  publicationChanged(publicationId: PublicationId): void {
    this.#receiver.muteChanged(publicationId);
  }

  /** Takes the events that concern media. @throws never; what fails is told to the port */
  apply(event: RoomEvent): void {
    switch (event.type) {
      case 'subscriptionOpened':
        this.#receiver.opened(event.subscription);
        return;
      case 'subscriptionClosed':
        this.#receiver.closed(event.subscriptionId);
        return;
      case 'subscriptionPaused':
        this.#receiver.paused(event.subscriptionId, event.paused);
        return;
      case 'subscriptionLayers':
        this.#receiver.layersChanged(event.subscriptionId, event.layers);
        return;
      case 'mediaReset':
        this.start(event).catch((error: unknown) => this.#port.failed(toRoomError(error, 'internal')));
        return;
      default:
        return;
    }
  }

  async stats(): Promise<RoomStats> {
    const sent = this.publishers.flatMap(({ sent }) => sent ?? []);
    return this.#stats.read({
      send: this.#ends?.send.transport ?? null,
      receive: this.#ends?.receive.transport ?? null,
      sent: sent.map(({ publicationId, producer }) => ({ publicationId, mid: producer.localId })),
      received: this.#receiver.consumers.map(({ publicationId, consumer, layers }) => ({
        publicationId,
        mid: consumer.localId,
        layers,
      })),
    });
  }

  /** Tracks that were given stay open. Idempotent. */
  close(): void {
    this.#leavePlace();
  }

  #leavePlace(): void {
    this.#place += 1;
    const ends = this.#ends;
    this.#ends = null;
    for (const publisher of this.publishers) publisher.detach();
    this.#receiver.detach();
    ends?.send.close();
    ends?.receive.close();
    this.#port.pathChanged('send', { state: 'new' });
    this.#port.pathChanged('receive', { state: 'new' });
  }

  #end(direction: Direction, device: types.Device, parameters: TransportParameters): TransportEnd {
    const options = { ...parameters, iceServers: this.#iceServers };
    const transport =
      direction === 'send' ? device.createSendTransport(options) : device.createRecvTransport(options);
    // The id of the producer is this end's own matter: the publication's is asked for afterwards, without holding
    // up what is to be sent next.
    transport.on('produce', (_, done) => done({ id: `producer-${(this.#producerCount += 1)}` }));
    const tried = [
      ...parameters.iceCandidates.map(({ protocol, address, port }) => `${protocol} ${address}:${port}`),
      ...this.#iceServers.flatMap(({ urls }) => urls),
    ];
    return new TransportEnd(direction, transport, tried, this.#port);
  }

  /** Never rejects. */
  async #sayReady(): Promise<void> {
    const rtpCapabilities = this.#unconfirmedReady;
    if (!rtpCapabilities) return;
    const view = this.#port.view();
    const answer = this.#port.ask('ready', view ? { rtpCapabilities, view } : { rtpCapabilities });
    this.#port.viewed(view);
    try {
      await answer;
      if (this.#unconfirmedReady === rtpCapabilities) this.#unconfirmedReady = null;
    } catch (error) {
      if (!isConnectionLoss(error)) this.#port.failed(toRoomError(error, 'internal'));
    }
  }
}
