/** A participant that speaks real WebRTC with a `MediaRoom`, and a room's events handed to its participants. */
import type {
  ConnectionQuality,
  ParticipantId,
  PublicationId,
  SubscriptionId,
} from '../../server/conference/model.ts';
import type {
  MediaConnection,
  MediaEvents,
  MediaParticipant,
  MediaPublication,
  MediaRoom,
} from '../../server/conference/ports.ts';
import type { Layers, RtpCapabilities, Source, SubscriptionInfo } from '../../server/signalling/contract.ts';
import { RtcEnd } from './rtc-end.ts';
import { LEVEL_EXTENSION, isRtcp, ssrcOf } from './rtp.ts';
import { SyntheticCamera, SyntheticMicrophone } from './synthetic-media.ts';

/**
 * What the participants of tests receive. No transport-wide feedback: without it the server sends what was
 * asked for, rather than what it takes the network to carry.
 */
export const receiverCapabilities: RtpCapabilities = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus', preferredPayloadType: 111, clockRate: 48_000, channels: 2 },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      preferredPayloadType: 96,
      clockRate: 90_000,
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
  ],
  headerExtensions: [{ kind: 'audio', uri: LEVEL_EXTENSION.uri, preferredId: LEVEL_EXTENSION.id }],
};

/** A subscription as its receiver sees it. */
export interface Received {
  info: SubscriptionInfo;
  paused: boolean;
  layers: Layers | null;
  packets: number;
  /** When packets came, by `performance.now()`, the last 1,000. */
  times: number[];
  lastSize: number;
}

export class RtcParticipant {
  readonly id: ParticipantId;
  readonly media: MediaParticipant;
  readonly received = new Map<SubscriptionId, Received>();
  /** Set when the server tells of a lost worker. */
  resets = 0;
  send: RtcEnd;
  receive: RtcEnd;
  #bySsrc = new Map<number, Received>();

  private constructor(id: ParticipantId, media: MediaParticipant) {
    this.id = id;
    this.media = media;
    [this.send, this.receive] = this.#ends(media.connection);
  }

  /** Joins, connects both ways, and is ready to receive. */
  static async join(room: RtcRoom, id: ParticipantId): Promise<RtcParticipant> {
    const participant = new RtcParticipant(id, await room.media.connect(id));
    room.participants.set(id, participant);
    await participant.#connect();
    return participant;
  }

  /** Publishes a microphone; silent until it is told to speak. */
  async microphone(id: PublicationId, muted = false): Promise<[SyntheticMicrophone, MediaPublication]> {
    const microphone = new SyntheticMicrophone(this.send);
    return [microphone, await this.#publish(id, 'microphone', microphone.rtpParameters, muted)];
  }

  /** Publishes a camera of three layers, sending from the start. */
  async camera(id: PublicationId): Promise<[SyntheticCamera, MediaPublication]> {
    const camera = new SyntheticCamera(this.send);
    const publication = await this.#publish(id, 'camera', camera.rtpParameters, false);
    camera.start();
    return [camera, publication];
  }

  /** Shows these publications, each at this size. */
  show(ids: readonly PublicationId[], width = 320, height = 180): void {
    this.media.setView({
      videos: ids.map((publicationId) => ({ publicationId, width, height })),
      pinned: null,
    });
  }

  /** The subscription to a publication, if there is one. */
  of(publicationId: PublicationId): Received | undefined {
    return [...this.received.values()].find(({ info }) => info.publicationId === publicationId);
  }

  /** Packets received of a publication since it was subscribed to. */
  packetsOf(publicationId: PublicationId): number {
    return this.of(publicationId)?.packets ?? 0;
  }

  leave(): void {
    this.media.close();
    this.send.close();
    this.receive.close();
  }

  // ------------------------------------------------------------------------------ told by the room

  opened(info: SubscriptionInfo): void {
    const received = { info, paused: false, layers: null, packets: 0, times: [], lastSize: 0 };
    this.received.set(info.id, received);
    const ssrc = info.rtpParameters.encodings?.[0]?.ssrc;
    if (ssrc !== undefined) this.#bySsrc.set(ssrc, received);
    void this.media.subscriptionsReady([info.id]);
  }

  /** Everything is new: builds both ends again. What was published is gone. */
  async reset(connection: MediaConnection): Promise<void> {
    this.resets += 1;
    this.received.clear();
    this.#bySsrc.clear();
    this.send.close();
    this.receive.close();
    [this.send, this.receive] = this.#ends(connection);
    await this.#connect();
  }

  #ends({ transports }: MediaConnection): [RtcEnd, RtcEnd] {
    const receive = new RtcEnd(transports.receive);
    receive.onPacket((packet) => {
      const received = isRtcp(packet) ? undefined : this.#bySsrc.get(ssrcOf(packet));
      if (!received) return;
      received.packets += 1;
      received.lastSize = packet.length;
      received.times.push(performance.now());
      if (received.times.length > 1_000) received.times.shift();
    });
    return [new RtcEnd(transports.send), receive];
  }

  async #connect(): Promise<void> {
    await Promise.all([
      this.media.connectTransport('send', this.send.dtlsParameters),
      this.media.connectTransport('receive', this.receive.dtlsParameters),
    ]);
    this.media.setCapabilities(receiverCapabilities);
    await Promise.all([this.send.connected(), this.receive.connected()]);
  }

  #publish(
    id: PublicationId,
    source: Source,
    rtpParameters: Parameters<MediaParticipant['publish']>[0]['rtpParameters'],
    muted: boolean,
  ): Promise<MediaPublication> {
    return this.media.publish({ id, source, rtpParameters, muted });
  }
}

/** Hands a room's media events to its participants, and remembers those that concern everybody. */
export class RtcRoom implements MediaEvents {
  readonly participants = new Map<ParticipantId, RtcParticipant>();
  readonly dominantSpeakers: (ParticipantId | null)[] = [];
  readonly qualities: [ParticipantId, ConnectionQuality][] = [];
  /** Resolves once those whose worker was lost have built everything again. */
  recovery: Promise<unknown> = Promise.resolve();
  #media: MediaRoom | null = null;

  static async open(open: (events: MediaEvents) => Promise<MediaRoom>): Promise<RtcRoom> {
    const room = new RtcRoom();
    room.#media = await open(room);
    return room;
  }

  get media(): MediaRoom {
    if (!this.#media) throw new Error('The room is not open yet.');
    return this.#media;
  }

  close(): void {
    for (const { send, receive } of this.participants.values()) {
      send.close();
      receive.close();
    }
    this.#media?.close();
  }

  subscriptionOpened(to: ParticipantId, subscription: SubscriptionInfo): void {
    this.participants.get(to)?.opened(subscription);
  }

  subscriptionClosed(to: ParticipantId, subscriptionId: SubscriptionId): void {
    this.participants.get(to)?.received.delete(subscriptionId);
  }

  subscriptionPaused(to: ParticipantId, subscriptionId: SubscriptionId, paused: boolean): void {
    const received = this.participants.get(to)?.received.get(subscriptionId);
    if (received) received.paused = paused;
  }

  subscriptionLayers(to: ParticipantId, subscriptionId: SubscriptionId, layers: Layers | null): void {
    const received = this.participants.get(to)?.received.get(subscriptionId);
    if (received) received.layers = layers;
  }

  dominantSpeaker(participantId: ParticipantId | null): void {
    this.dominantSpeakers.push(participantId);
  }

  quality(participantId: ParticipantId, quality: ConnectionQuality): void {
    this.qualities.push([participantId, quality]);
  }

  reset(participantId: ParticipantId, connection: MediaConnection): void {
    const reset = this.participants.get(participantId)?.reset(connection);
    this.recovery = Promise.all([this.recovery, reset]);
    // Whoever waits for it has the error.
    this.recovery.catch(() => undefined);
  }
}
