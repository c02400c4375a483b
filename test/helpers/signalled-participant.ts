/**
 * A participant without a browser, from the socket to the packets: speaks the contract with a real server, and
 * sends and receives media over real WebRTC. What it sends has no sound or picture in it.
 */
import type {
  Answers,
  ContractError,
  Direction,
  JoinedAnswer,
  PublicationId,
  PublicationInfo,
  Role,
  RoomEvent,
  RtpParameters,
  Source,
  SubscriptionId,
  SubscriptionInfo,
} from '../../server/signalling/contract.ts';
import { IcePath } from './ice-path.ts';
import { RtcEnd } from './rtc-end.ts';
import { receiverCapabilities } from './rtc-participant.ts';
import type { Received } from './rtc-participant.ts';
import { SignalClient } from './signal-client.ts';
import type { JoinExtras } from './signal-client.ts';
import { isRtcp, ssrcOf } from './rtp.ts';
import { SyntheticCamera, SyntheticMicrophone } from './synthetic-media.ts';
import { until } from './wait.ts';

type Published = Answers['publish'];

const DIRECTIONS: readonly Direction[] = ['send', 'receive'];
/** Where media can be cut, and go on from elsewhere. */
type Paths = Readonly<Record<Direction, IcePath>>;

export class SignalledParticipant {
  readonly answer: JoinedAnswer;
  readonly received = new Map<SubscriptionId, Received>();
  /** Everybody's publications, as told. */
  readonly publications = new Map<PublicationId, PublicationInfo>();
  /** Its own, as told last. */
  role: Role;
  #signal: SignalClient;
  readonly #paths: Paths | null;
  #send: RtcEnd;
  #receive: RtcEnd;
  /** Of both ends, as they are now. */
  #connected: Promise<void> = Promise.resolve();
  readonly #bySsrc = new Map<number, Received>();
  /** Sequence number of the last packet, and packets that are missing before it. */
  readonly #sequences = new Map<Received, { last: number; missing: number }>();
  readonly #stopMedia: (() => void)[] = [];

  private constructor(signal: SignalClient, answer: JoinedAnswer, paths: Paths | null) {
    this.#signal = signal;
    this.#paths = paths;
    this.answer = answer;
    this.role = answer.role;
    for (const publication of answer.publications) this.publications.set(publication.id, publication);
    this.#send = new RtcEnd(paths?.send.transport ?? answer.transports.send);
    this.#receive = new RtcEnd(paths?.receive.transport ?? answer.transports.receive);
    signal.onEvent((event) => this.#take(event));
  }

  /** Joins, connects both ways, and is ready to receive; shows nothing yet. */
  static async join(
    serverUrl: string,
    room: string,
    name: string,
    more: JoinExtras = {},
  ): Promise<SignalledParticipant> {
    const signal = await SignalClient.connect(serverUrl, room);
    return SignalledParticipant.connect(signal, await signal.join(room, name, undefined, more));
  }

  /** As `join`, over ways that can be cut. */
  static async roam(
    serverUrl: string,
    room: string,
    name: string,
    more: JoinExtras = {},
  ): Promise<SignalledParticipant> {
    const signal = await SignalClient.connect(serverUrl);
    const answer = await signal.join(room, name, undefined, more);
    const { send, receive } = answer.transports;
    const paths = { send: await IcePath.open(send), receive: await IcePath.open(receive) };
    return SignalledParticipant.connect(signal, answer, paths);
  }

  /** Connects both ways for one who has joined, and is ready to receive; shows nothing yet. */
  static async connect(
    signal: SignalClient,
    answer: JoinedAnswer,
    paths: Paths | null = null,
  ): Promise<SignalledParticipant> {
    const participant = new SignalledParticipant(signal, answer, paths);
    await participant.#connect();
    return participant;
  }

  /** Resolves when media can flow, also after the worker was lost; what was published has to be published again. */
  connected(): Promise<void> {
    return this.#connected;
  }

  /** Of now: one that has come back has another. */
  get signal(): SignalClient {
    return this.#signal;
  }

  get id(): string {
    return this.answer.participantId;
  }

  /** Publishes a microphone; silent until it is told to speak. @param sound that it has then, as Opus */
  async microphone(
    muted = false,
    sound?: readonly Uint8Array[],
  ): Promise<Published & { microphone: SyntheticMicrophone }> {
    const microphone = new SyntheticMicrophone(this.#send, sound);
    const published = await this.#publish('microphone', microphone.rtpParameters, muted);
    this.#stopMedia.push(() => microphone.hush());
    return { microphone, ...published };
  }

  /** Publishes a microphone and speaks, until that is heard. */
  async speakTo(listener: SignalledParticipant): Promise<void> {
    const { microphone, publicationId } = await this.microphone();
    microphone.speak();
    await until(
      'a voice is heard',
      () => listener.packetsOf(publicationId),
      (packets) => packets > 10,
      { everyMs: 20 },
    );
  }

  /** Publishes a camera of three layers, or a screen, sending from the start. */
  async camera(source: 'camera' | 'screen' = 'camera'): Promise<Published & { camera: SyntheticCamera }> {
    const camera = new SyntheticCamera(this.#send);
    const published = await this.#publish(source, camera.rtpParameters, false);
    camera.start();
    this.#stopMedia.push(() => camera.stop());
    return { camera, ...published };
  }

  /** What is answered to somebody who publishes without being let. @throws Error when it is not refused */
  async refusedToPublish(source: Source, muted: boolean): Promise<ContractError> {
    const { rtpParameters } =
      source === 'microphone' ? new SyntheticMicrophone(this.#send) : new SyntheticCamera(this.#send);
    return this.signal.refusal('publish', { source, rtpParameters, muted });
  }

  /** How many packets have come of a publication by now, over subscriptions that are closed as well. */
  packetsOf(publicationId: PublicationId): number {
    const all = [...this.#bySsrc.values()].filter(({ info }) => info.publicationId === publicationId);
    return all.reduce((sum, { packets }) => sum + packets, 0);
  }

  /** How many packets of a publication were passed over by later ones and have not come, over all subscriptions. */
  missingOf(publicationId: PublicationId): number {
    const all = [...this.#sequences].filter(([{ info }]) => info.publicationId === publicationId);
    return all.reduce((sum, [, { missing }]) => sum + missing, 0);
  }

  /** Shows these publications and no others, each at this size. */
  async show(ids: readonly PublicationId[], width = 320, height = 180): Promise<void> {
    await this.signal.ask('view', {
      videos: ids.map((publicationId) => ({ publicationId, width, height })),
      pinned: null,
    });
  }

  /** The subscription to a publication, if there is one. */
  of(publicationId: PublicationId): Received | undefined {
    return [...this.received.values()].find(({ info }) => info.publicationId === publicationId);
  }

  /** Publications of which packets came in the last `ms`. */
  heardIn(ms: number): PublicationId[] {
    const since = performance.now() - ms;
    return [...this.received.values()]
      .filter(({ times }) => (times.at(-1) ?? 0) > since)
      .map(({ info }) => info.publicationId);
  }

  /** Cuts the network under media, for one that roams. */
  cutMedia(): void {
    for (const direction of DIRECTIONS) this.#paths?.[direction].cut();
  }

  /** Media goes on from another address, for one that roams. */
  async restartIce(): Promise<void> {
    for (const direction of DIRECTIONS) {
      const { iceParameters } = await this.signal.ask('restartIce', { direction });
      this.#paths?.[direction].restart(iceParameters);
    }
  }

  /** After its socket dropped: with another one, and media from another address. @throws Error when its place is gone */
  async comeBack(serverUrl: string): Promise<void> {
    const { room, token, participantId, participants } = this.answer;
    const name = participants.find(({ id }) => id === participantId)?.name ?? '';
    const signal = await SignalClient.connect(serverUrl);
    signal.onEvent((event) => this.#take(event));
    const { lastEvent } = this.#signal;
    this.#signal = signal;
    const { resumed, transports } = await signal.join(room.name, name, { token, lastEvent });
    if (!resumed) throw new Error(`${name} is not known any more.`);
    for (const direction of DIRECTIONS) this.#paths?.[direction].restart(transports[direction].iceParameters);
  }

  /** Goes away without a word. */
  vanish(): void {
    for (const stop of this.#stopMedia) stop();
    this.signal.close();
    this.#send.close();
    this.#receive.close();
    for (const direction of DIRECTIONS) this.#paths?.[direction].close();
  }

  async leave(): Promise<void> {
    await this.signal.ask('leave', {});
    this.vanish();
  }

  #publish(source: Source, rtpParameters: RtpParameters, muted: boolean): Promise<Published> {
    return this.signal.ask('publish', { source, rtpParameters, muted });
  }

  #connect(): Promise<void> {
    this.#receive.onPacket((packet) => this.#count(packet));
    this.#connected = this.#connectBoth();
    // Whoever waits for it has the error.
    this.#connected.catch(() => undefined);
    return this.#connected;
  }

  /** The worker was lost: everything is new. */
  #reset(transports: JoinedAnswer['transports']): void {
    for (const stop of this.#stopMedia.splice(0)) stop();
    this.received.clear();
    this.#bySsrc.clear();
    this.#send.close();
    this.#receive.close();
    this.#send = new RtcEnd(transports.send);
    this.#receive = new RtcEnd(transports.receive);
    void this.#connect();
  }

  async #connectBoth(): Promise<void> {
    await Promise.all([
      this.signal.ask('connectTransport', {
        direction: 'send',
        dtlsParameters: this.#send.dtlsParameters,
      }),
      this.signal.ask('connectTransport', {
        direction: 'receive',
        dtlsParameters: this.#receive.dtlsParameters,
      }),
      this.signal.ask('ready', { rtpCapabilities: receiverCapabilities }),
    ]);
    await Promise.all([this.#send.connected(), this.#receive.connected()]);
  }

  #count(packet: Buffer): void {
    const received = isRtcp(packet) ? undefined : this.#bySsrc.get(ssrcOf(packet));
    if (!received) return;
    const sequence = packet.readUInt16BE(2);
    const { last, missing } = this.#sequences.get(received) ?? { last: sequence - 1, missing: 0 };
    // Those that come late were counted when they were passed over.
    const step = (sequence - last + 0x1_0000) & 0xffff;
    if (step < 0x8000) this.#sequences.set(received, { last: sequence, missing: missing + step - 1 });
    else this.#sequences.set(received, { last, missing: missing - 1 });
    received.packets += 1;
    received.lastSize = packet.length;
    received.times.push(performance.now());
    if (received.times.length > 1_000) received.times.shift();
  }

  #take(event: RoomEvent): void {
    switch (event.type) {
      case 'subscriptionOpened':
        this.#open(event.subscription);
        return;
      case 'subscriptionClosed':
        this.received.delete(event.subscriptionId);
        return;
      case 'subscriptionPaused': {
        const received = this.received.get(event.subscriptionId);
        if (received) received.paused = event.paused;
        return;
      }
      case 'subscriptionLayers': {
        const received = this.received.get(event.subscriptionId);
        if (received) received.layers = event.layers;
        return;
      }
      case 'mediaReset':
        this.#reset(event.transports);
        return;
      case 'participantChanged':
        if (event.participant.id === this.id) this.role = event.participant.role;
        return;
      case 'participantLeft':
        // What was theirs is not told one by one.
        for (const { id, participantId } of this.publications.values()) {
          if (participantId === event.participantId) this.publications.delete(id);
        }
        return;
      case 'publicationAdded':
      case 'publicationChanged':
        this.publications.set(event.publication.id, event.publication);
        return;
      case 'publicationRemoved':
        this.publications.delete(event.publicationId);
        return;
      default:
    }
  }

  #open(info: SubscriptionInfo): void {
    const received = { info, paused: false, layers: null, packets: 0, times: [], lastSize: 0 };
    this.received.set(info.id, received);
    const ssrc = info.rtpParameters.encodings?.[0]?.ssrc;
    if (ssrc !== undefined) this.#bySsrc.set(ssrc, received);
    // A refusal, or no answer, is told by the media that does not come; subscription and socket may be gone by now.
    this.signal.say('subscriptionsReady', { subscriptionIds: [info.id] }).catch(() => undefined);
  }
}
