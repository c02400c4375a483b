/** Participants of our own server: they speak the contract as the room client does, in the same order. */
import { RtcEnd } from '../../../helpers/rtc-end.ts';
import { receiverCapabilities } from '../../../helpers/rtc-participant.ts';
import { CONTRACT_VERSION } from '../../../../server/signalling/contract.ts';
import type {
  JoinedAnswer,
  PublicationId,
  RoomEvent,
  Source,
} from '../../../../server/signalling/contract.ts';
import { MemberMedia } from '../member.ts';
import type { Member, Shared } from '../member.ts';
import type { Joined, Plan, Traffic } from '../plan.ts';
import { ContractSocket } from './contract-socket.ts';

/** Sizes of tiles, in pixels, for which the server takes each of the layers. */
const TILES = [
  { width: 320, height: 180 },
  { width: 640, height: 360 },
  { width: 1_280, height: 720 },
] as const;
/** The room client says no more often what it shows. */
const VIEW_INTERVAL_MS = 150;

export class TertuliaMember implements Member {
  readonly media: MemberMedia;
  readonly joined: Joined = { answeredMs: 0, connectedMs: 0 };
  readonly startedAt: number;
  readonly #socket: ContractSocket;
  readonly #plan: Plan;
  readonly #id: string;
  /** Those that can be shown, in the order in which they came. */
  readonly #cameras = new Set<PublicationId>();
  readonly #ssrcs = new Map<string, number>();
  readonly #receive: RtcEnd;
  #microphoneId: PublicationId | null = null;
  #shown = '';
  #viewTimer: NodeJS.Timeout | null = null;
  #built: string[] = [];

  private constructor(
    socket: ContractSocket,
    answer: JoinedAnswer,
    plan: Plan,
    media: MemberMedia,
    startedAt: number,
  ) {
    this.#socket = socket;
    this.#plan = plan;
    this.#id = answer.participantId;
    this.media = media;
    this.startedAt = startedAt;
    for (const publication of answer.publications) this.#added(publication);
    this.#receive = endOf(answer.transports.receive);
    media.receiveOver(this.#receive);
  }

  /** Resolves when media flows both ways, as far as it is planned. @throws Error when it was not let in */
  static async join(url: string, plan: Plan, shared: Shared): Promise<TertuliaMember> {
    const startedAt = performance.now();
    const socket = await ContractSocket.connect(url);
    const early: RoomEvent[] = [];
    let take = (event: RoomEvent): void => void early.push(event);
    socket.onEvent((event) => take(event));
    const { room, name } = plan;
    const answer = await socket.ask('join', { version: CONTRACT_VERSION, room, name });
    if (answer.state !== 'joined') throw new Error(`${name} is not let in: ${JSON.stringify(answer)}`);
    const member = new TertuliaMember(socket, answer, plan, new MemberMedia(plan, shared), startedAt);
    member.joined.answeredMs = performance.now() - startedAt;
    take = (event) => member.#take(event);
    early.forEach(take);
    await member.#connect(answer);
    member.joined.connectedMs = performance.now() - startedAt;
    return member;
  }

  get traffic(): Traffic {
    return this.#socket.traffic;
  }

  async setMuted(muted: boolean): Promise<void> {
    const publicationId = this.#microphoneId;
    if (publicationId !== null) await this.#socket.ask('setMuted', { publicationId, muted });
  }

  async leave(): Promise<void> {
    await this.#socket.ask('leave', {});
    if (this.#viewTimer) clearTimeout(this.#viewTimer);
    this.#viewTimer = null;
    this.#socket.close();
    this.media.close();
  }

  async #connect({ transports }: JoinedAnswer): Promise<void> {
    const { dtlsParameters } = this.#receive;
    const videos = this.#videos();
    this.#shown = JSON.stringify(videos);
    await Promise.all([
      this.#socket.ask('connectTransport', { direction: 'receive', dtlsParameters }),
      this.#socket.ask('ready', { rtpCapabilities: receiverCapabilities, view: { videos, pinned: null } }),
      this.#receive.connected(),
      this.#publishAll(transports.send),
    ]);
  }

  async #publishAll(transport: JoinedAnswer['transports']['send']): Promise<void> {
    const { microphone, camera } = this.#plan;
    if (microphone === 'none' && !camera) return;
    const end = endOf(transport);
    this.media.sendOver(end);
    const published: Promise<unknown>[] = [
      this.#socket.ask('connectTransport', { direction: 'send', dtlsParameters: end.dtlsParameters }),
      end.connected(),
    ];
    if (microphone !== 'none') {
      published.push(
        this.#publish('microphone', microphone === 'muted').then((id) => void (this.#microphoneId = id)),
      );
    }
    if (camera) published.push(this.#publish('camera', false));
    await Promise.all(published);
    this.media.start();
  }

  async #publish(source: Source, muted: boolean): Promise<PublicationId> {
    const { rtpParameters } = source === 'microphone' ? this.media.microphone : this.media.camera;
    return (await this.#socket.ask('publish', { source, rtpParameters, muted })).publicationId;
  }

  #take(event: RoomEvent): void {
    switch (event.type) {
      case 'publicationAdded':
        this.#added(event.publication);
        this.#viewLater();
        return;
      case 'publicationRemoved':
        if (this.#cameras.delete(event.publicationId)) this.#viewLater();
        return;
      case 'subscriptionOpened': {
        const { id, kind, rtpParameters } = event.subscription;
        const ssrc = rtpParameters.encodings?.[0]?.ssrc;
        if (ssrc === undefined) return;
        this.#ssrcs.set(id, ssrc);
        this.media.reception.expect(kind, ssrc);
        if (this.#built.push(id) === 1) queueMicrotask(() => this.#tellBuilt());
        return;
      }
      case 'subscriptionClosed': {
        const ssrc = this.#ssrcs.get(event.subscriptionId);
        this.#ssrcs.delete(event.subscriptionId);
        if (ssrc !== undefined) this.media.reception.forget(ssrc);
        return;
      }
      default:
    }
  }

  #added({ id, participantId, source }: { id: PublicationId; participantId: string; source: Source }): void {
    if (source === 'camera' && participantId !== this.#id) this.#cameras.add(id);
  }

  #videos(): { publicationId: PublicationId; width: number; height: number }[] {
    const shown = [...this.#cameras].slice(0, this.#plan.tiles);
    return shown.map((publicationId) => ({ publicationId, ...TILES[this.#plan.layer] }));
  }

  #viewLater(): void {
    this.#viewTimer ??= setTimeout(() => {
      this.#viewTimer = null;
      const videos = this.#videos();
      const shown = JSON.stringify(videos);
      if (shown === this.#shown) return;
      this.#shown = shown;
      this.#say(this.#socket.ask('view', { videos, pinned: null }));
    }, VIEW_INTERVAL_MS);
  }

  #tellBuilt(): void {
    const subscriptionIds = this.#built;
    this.#built = [];
    this.#say(this.#socket.ask('subscriptionsReady', { subscriptionIds }));
  }

  /** What is refused is told by the media that does not come; a subscription may be gone again by now. */
  #say(request: Promise<unknown>): void {
    request.catch(() => undefined);
  }
}

/** On loopback, if the server is; else wherever the way to it begins. */
function endOf(transport: JoinedAnswer['transports']['send']): RtcEnd {
  const isHere = transport.iceCandidates.some(({ address }) => address.startsWith('127.'));
  return new RtcEnd(transport, isHere ? '127.0.0.1' : '0.0.0.0');
}
