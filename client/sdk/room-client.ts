/** The room client: joins, keeps the picture of the room, and comes back by itself when something was lost. */
import type { EventBatch, JoinedAnswer, RoomEvent, WaitingEvent } from '../../server/signalling/contract.ts';
import { Comeback } from './comeback.ts';
import { Connection } from './connection.ts';
import type { Ask } from './connection.ts';
import { Credentials } from './credentials.ts';
import { Emitter } from './emitter.ts';
import { RoomClientError, isWorthRetrying, toRoomError, turnedAway } from './errors.ts';
import { unseenEvents } from './event-order.ts';
import { createHost } from './host.ts';
import { bindMedia } from './media-binding.ts';
import type { Media } from './media/media.ts';
import { KIND_OF_SOURCE } from './media/publisher.ts';
import { watchNetwork } from './network.ts';
import { tellNews } from './news.ts';
import * as roomState from './room-state.ts';
import { Store } from './store.ts';
import type {
  ChatAudience,
  Reaction,
  RoomClient,
  RoomClientEvents,
  RoomClientOptions,
  RoomError,
  RoomState,
  RoomStats,
  Source,
  View,
} from './types.ts';
import { ViewSender } from './view-sender.ts';

/** How long a server that is there may take to say so after sleep or a change of network, in ms. */
const PROBE_TIMEOUT_MS = 3_000;
/** A good-bye is not waited for longer, in ms. */
const LEAVE_TIMEOUT_MS = 1_000;

/** Makes a client for one stay in one room; it does nothing before `join`. */
export function createRoomClient(options: RoomClientOptions): RoomClient {
  return new SocketRoomClient(options);
}

class SocketRoomClient implements RoomClient {
  readonly #serverUrl: string;
  readonly #room: string;
  readonly #credentials: Credentials;
  readonly #store = new Store<RoomState>(roomState.initialState);
  readonly #events = new Emitter<RoomClientEvents>();
  readonly #view = new ViewSender((view) => this.#ask('view', view));
  readonly #media: Media;
  readonly #comeback = new Comeback({
    enter: () => this.#enter(),
    trying: (attempt) => this.#set({ phase: 'reconnecting', attempt }),
    givenUp: (error) => this.#end({ error }),
    isCalledOff: () => this.#hasEnded(),
  });
  #connection: Connection | null = null;
  #unwatchNetwork: (() => void) | null = null;

  constructor(options: RoomClientOptions) {
    this.#serverUrl = options.serverUrl;
    this.#room = options.room;
    this.#credentials = new Credentials(options);
    this.#media = bindMedia({
      store: this.#store,
      ask: this.#ask,
      view: this.#view,
      failed: (error) => this.#fail(error),
    });
  }

  get state(): RoomState {
    return this.#store.value;
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  on<E extends keyof RoomClientEvents>(event: E, listener: (value: RoomClientEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  // ------------------------------------------------------------------------------------ coming and going

  async join(): Promise<void> {
    if (this.state.phase !== 'idle') throw new RoomClientError('wrong-phase', 'A client joins once.');
    this.#set({ phase: 'joining' });
    let hasEntered = false;
    const check = (networkChanged: boolean): void => {
      if (hasEntered) void this.#check(networkChanged);
    };
    this.#unwatchNetwork = watchNetwork({
      changed: () => check(true),
      woke: () => check(false),
      // Also of one who is in the room while media is still made ready: without a word the place would be kept.
      leaving: () => this.#connection?.sayLeave(),
    });
    try {
      this.#media.warmUp();
      await this.#enter();
      hasEntered = true;
    } catch (error) {
      const failure = toRoomError(error, 'internal');
      this.#end({ error: failure });
      throw failure;
    }
    if (this.#hasEnded()) throw new RoomClientError('wrong-phase', 'The client left while it was joining.');
  }

  async leave(): Promise<void> {
    if (this.#hasEnded()) return;
    const connection = this.#connection;
    // Others see it at once; whether the server has heard or will miss this participant later is the same here.
    const farewell = connection?.open ? connection.ask('leave', {}, LEAVE_TIMEOUT_MS) : Promise.resolve();
    this.#connection = null;
    this.#end({ reason: 'left', by: null });
    await farewell.catch(() => undefined);
    connection?.close();
  }

  /** One try to get into the room, as the one who was there or at the door before if possible. @throws RoomClientError */
  async #enter(): Promise<void> {
    const connection = new Connection(this.#serverUrl, this.#room);
    this.#connection = connection;
    try {
      await connection.connect();
      await this.#askToEnter(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Leads to a place in the room, or at the door. @throws RoomClientError */
  async #askToEnter(connection: Connection): Promise<void> {
    connection.hold();
    const request = await this.#credentials.joinRequest();
    this.#assertNotLeft(connection);
    const answer = await connection.ask('join', request);
    this.#assertNotLeft(connection);
    if (answer.state === 'ended') {
      this.#end({ reason: answer.reason, by: answer.by });
      return;
    }
    const resumed = this.#credentials.take(answer);
    const media = answer.state === 'joined' ? this.#goIn(answer, resumed) : undefined;
    if (answer.state === 'waiting')
      this.#store.update((state) => roomState.atDoor(state, answer, Date.now()));
    connection.listen({
      events: (batch) => this.#receive(connection, batch),
      waiting: (event) => this.#receiveAtDoor(connection, event),
      lost: () => this.#lose(connection),
    });
    await media;
  }

  #assertNotLeft(connection: Connection): void {
    if (this.#connection !== connection) throw new RoomClientError('wrong-phase', 'Left while joining.');
  }

  async #goIn(answer: JoinedAnswer, resumed: boolean): Promise<void> {
    this.#media.setIceServers(answer.iceServers);
    let media: Promise<void> = Promise.resolve();
    this.#store.batch(() => {
      if (resumed) {
        this.#set({ phase: 'joined', attempt: 0 });
        media = this.#media.resume(answer.transports);
        this.#view.start(null);
      } else {
        media = this.#media.enter(answer);
        this.#store.update((state) =>
          roomState.entered(state, answer, (id) => this.#media.mediaOf(id), Date.now()),
        );
      }
    });
    if (answer.hostKey !== null) this.#events.emit('hostKey', answer.hostKey);
    await media;
  }

  #lose(connection: Connection): void {
    if (connection !== this.#connection || this.#hasEnded()) return;
    this.#connection = null;
    this.#media.suspend();
    this.#view.stop();
    void this.#comeback.run();
  }

  /** After sleep, or on another network: is the server still there, and is there a path for media? */
  async #check(networkChanged: boolean): Promise<void> {
    const connection = this.#connection;
    if (this.state.phase === 'waiting' && connection) {
      // At the door nothing can be asked; another socket keeps the place.
      connection.close();
      this.#lose(connection);
      return;
    }
    if (this.state.phase === 'reconnecting') {
      // What was begun on the old network is not waited for.
      this.#comeback.hurry();
      this.#connection?.close();
      return;
    }
    try {
      // The view is the one request that can be made at any time without changing anything.
      await this.#ask('view', this.#view.view ?? { videos: [], pinned: null }, PROBE_TIMEOUT_MS);
      if (networkChanged) this.#media.renewPaths();
    } catch (error) {
      // A dead connection has been told as lost by now.
      this.#fail(toRoomError(error, 'internal'));
    }
  }

  /** Idempotent. */
  #end(ended: NonNullable<RoomState['ended']>): void {
    if (this.#hasEnded()) return;
    this.#unwatchNetwork?.();
    this.#view.stop();
    this.#store.batch(() => {
      this.#set({ phase: 'ended', attempt: 0, ended, waiting: null });
      this.#media.close();
    });
    this.#connection?.close();
    this.#connection = null;
    this.#comeback.hurry();
  }

  #hasEnded(): boolean {
    return this.state.phase === 'ended';
  }

  // ------------------------------------------------------------------------------------ what the app asks

  async publish(source: Source, track: MediaStreamTrack, options?: { muted?: boolean }): Promise<void> {
    this.#assertNotEnded();
    if (track.kind !== KIND_OF_SOURCE[source]) {
      throw new RoomClientError('unsupported-media', `A ${source} cannot send ${track.kind}.`);
    }
    const publisher = this.#media.publisher(source);
    await publisher.want({ track, muted: options?.muted ?? publisher.wish?.muted ?? false });
  }

  async unpublish(source: Source): Promise<void> {
    this.#assertNotEnded();
    await this.#media.publisher(source).want(null);
  }

  async setMuted(source: Source, muted: boolean): Promise<void> {
    this.#assertNotEnded();
    const publisher = this.#media.publisher(source);
    if (!publisher.wish) throw new RoomClientError('unknown-publication', `No ${source} is published.`);
    await publisher.want({ ...publisher.wish, muted });
  }

  setView(view: View): void {
    this.#view.set(view);
  }

  async sendChat(text: string, options: { to?: ChatAudience; replyTo?: string | null } = {}): Promise<void> {
    const { message } = await this.#ask('chat', { text, ...options });
    this.#takeChatMessage(message);
  }

  async reactToMessage(messageId: string, reaction: Reaction, on: boolean): Promise<void> {
    await this.#ask('reactToMessage', { messageId, reaction, on });
  }

  async answerStage(accept: boolean): Promise<void> {
    await this.#ask('answerStage', { accept });
  }

  async raiseHand(raised: boolean): Promise<void> {
    await this.#ask('raiseHand', { raised });
  }

  async react(reaction: Reaction): Promise<void> {
    await this.#ask('react', { reaction });
  }

  async rename(name: string): Promise<void> {
    await this.#ask('rename', { name });
    this.#credentials.name = name;
  }

  readonly stats = (): Promise<RoomStats> => this.#media.stats();

  readonly #ask: Ask = async (name, payload, timeoutMs) => {
    if (!this.#connection) {
      if (this.state.phase === 'reconnecting') {
        throw new RoomClientError('unreachable', 'The connection is being restored.');
      }
      throw new RoomClientError('wrong-phase', `There is no room in phase "${this.state.phase}".`);
    }
    return this.#connection.ask(name, payload, timeoutMs);
  };

  readonly host = createHost(this.#ask);

  #assertNotEnded(): void {
    if (this.#hasEnded()) throw new RoomClientError('wrong-phase', 'The client has left the room.');
  }

  // ------------------------------------------------------------------------------------ what the server tells

  #receiveAtDoor(connection: Connection, event: WaitingEvent): void {
    if (connection !== this.#connection) return;
    switch (event.type) {
      case 'admitted':
        this.#askToEnter(connection).catch((error: unknown) => this.#onNotLetIn(connection, error));
        return;
      case 'denied':
        if (event.reason === 'server-stopping') this.#leaveAndReturn(connection);
        else if (event.reason === 'denied') this.#end({ error: turnedAway(event.retryAfterMs) });
        else this.#end({ reason: event.reason, by: null });
        return;
      case 'message':
      case 'waitingFor':
        this.#store.update((state) => roomState.afterWaitingEvent(state, event));
    }
  }

  /** Admitted, and then something came in between: a full room ends it, a lost socket is followed by another. */
  #onNotLetIn(connection: Connection, error: unknown): void {
    if (connection !== this.#connection || this.#hasEnded()) return;
    const failure = toRoomError(error, 'internal');
    connection.close();
    if (isWorthRetrying(failure)) this.#lose(connection);
    else this.#end({ error: failure });
  }

  #receive(connection: Connection, batch: EventBatch): void {
    const { resumption } = this.#credentials;
    if (connection !== this.#connection || !resumption) return;
    const events = unseenEvents(batch, resumption.lastEvent);
    if (!events) {
      // Something is missing, and with it the picture of the room: a new join brings a whole one.
      this.#credentials.forgetPlace();
      this.#leaveAndReturn(connection);
      return;
    }
    resumption.lastEvent += events.length;
    this.#store.batch(() => {
      for (const event of events) this.#apply(connection, event);
    });
  }

  #apply(connection: Connection, event: RoomEvent): void {
    if (connection !== this.#connection || tellNews(this.#events, event)) return;
    switch (event.type) {
      case 'ended':
        // A server that stops is knocked at, as it may be one that starts again; all other ends are final.
        if (event.reason === 'server-stopping') this.#leaveAndReturn(connection);
        else this.#end({ reason: event.reason, by: event.by });
        return;
      case 'chatMessage':
        this.#takeChatMessage(event.message);
        return;
      case 'hostKey':
        this.#credentials.hostKey = event.hostKey;
        this.#events.emit('hostKey', event.hostKey);
        return;
      case 'publicationChanged':
        this.#media
          .publisher(event.publication.source)
          .overruled(event.publication.id, event.publication.muted);
        break;
      case 'publicationRemoved':
        for (const publisher of this.#media.publishers) publisher.removed(event.publicationId);
        break;
      default:
        this.#media.apply(event);
    }
    this.#store.update((state) => roomState.afterEvent(state, event, (id) => this.#media.mediaOf(id)));
    if (event.type === 'publicationChanged') this.#media.publicationChanged(event.publication.id);
  }

  #leaveAndReturn(connection: Connection): void {
    connection.close();
    this.#lose(connection);
  }

  #takeChatMessage(message: RoomClientEvents['chatMessage']): void {
    const before = this.state;
    this.#store.update((state) => roomState.withChatMessage(state, message));
    if (this.state !== before) this.#events.emit('chatMessage', message);
  }

  #fail(error: RoomError): void {
    if (!this.#hasEnded()) this.#events.emit('error', error);
  }

  #set(change: Partial<RoomState>): void {
    this.#store.update((state) => ({ ...state, ...change }));
  }
}
