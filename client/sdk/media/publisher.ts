/**
 * One source of this participant: what the app wishes to send, what is sent, and the steps from the second to
 * the first, one after the other. The last wish wins. A wish outlives lost connections and lost workers.
 */
import type { types } from 'mediasoup-client';
import type { Ask } from '../connection.ts';
import { RoomClientError, isConnectionLoss, isWorkerLoss, toRoomError } from '../errors.ts';
import type { PublicationId, Source } from '../types.ts';
import { fitEncodings, hintContent, sendOptions } from './encodings.ts';

/** What each source is made of. */
export const KIND_OF_SOURCE = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
} as const satisfies Record<Source, string>;

export interface Wish {
  track: MediaStreamTrack;
  muted: boolean;
}

/** What a publisher needs of the client. */
export interface PublisherPort {
  ask: Ask;
  /** The own publication of this source that the server has told of. */
  known: (source: Source) => { publicationId: PublicationId; muted: boolean } | null;
  /** The publication as it is now. */
  published: (publicationId: PublicationId, source: Source, wish: Wish) => void;
  unpublished: (publicationId: PublicationId) => void;
  /** Something that nobody waits for has failed. */
  failed: (error: RoomClientError) => void;
}

interface Sent {
  producer: types.Producer;
  /** Null until the server has taken it. */
  publicationId: PublicationId | null;
  /** What the server believes. */
  toldMuted: boolean;
  /** Whether the server has been asked, perhaps without an answer that arrived. */
  announced: boolean;
}

export class Publisher {
  readonly source: Source;
  readonly #port: PublisherPort;
  #transport: types.Transport | null = null;
  #connected = false;
  #wish: Wish | null = null;
  #sent: Sent | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(source: Source, port: PublisherPort) {
    this.source = source;
    this.#port = port;
  }

  get wish(): Wish | null {
    return this.#wish;
  }

  get sent(): { producer: types.Producer; publicationId: PublicationId } | null {
    const { producer, publicationId } = this.#sent ?? {};
    return producer && publicationId ? { producer, publicationId } : null;
  }

  /**
   * Takes effect at once on this side: what is muted or withdrawn is not sent any more.
   * @param wish null to unpublish
   * @returns when the server knows; without a connection at once, the rest follows by itself
   * @throws RoomClientError when the server refuses; a wish to publish is then withdrawn
   */
  want(wish: Wish | null): Promise<void> {
    this.#wish = wish;
    this.#applyLocally();
    return this.#settle();
  }

  /** What is wished already begins muted. */
  quieten(): void {
    if (!this.#wish) return;
    this.#wish = { ...this.#wish, muted: true };
    this.#applyLocally();
  }

  /** New transports, after a join or a lost worker: what is wished is published on them. */
  attach(transport: types.Transport): void {
    this.#transport = transport;
    this.#sent = null;
    this.#connected = true;
    this.#settleUnattended();
  }

  /** The transport is closed, and what was published over it is gone. */
  detach(): void {
    const publicationId = this.#sent?.publicationId;
    this.#transport = null;
    this.#sent = null;
    if (publicationId) this.#port.unpublished(publicationId);
  }

  /** The connection is gone; what is sent stays as it is. */
  suspend(): void {
    this.#connected = false;
  }

  /** The connection is back, on the same transports. */
  resume(): void {
    this.#connected = true;
    this.#settleUnattended();
  }

  /** The server has muted or unmuted it on its own. */
  overruled(publicationId: PublicationId, muted: boolean): void {
    const sent = this.#sent;
    if (!this.#wish || sent?.publicationId !== publicationId) return;
    // Not an echo of what is on its way.
    if (sent.toldMuted !== this.#wish.muted || sent.toldMuted === muted) return;
    sent.toldMuted = muted;
    this.#wish = { ...this.#wish, muted };
    this.#applyLocally();
  }

  /** The server has taken it out of the room on its own. */
  removed(publicationId: PublicationId): void {
    const sent = this.#sent;
    if (sent?.publicationId !== publicationId) return;
    this.#wish = null;
    this.#sent = null;
    sent.producer.close();
  }

  #applyLocally(): void {
    const sent = this.#sent;
    if (!sent || sent.producer.closed) return;
    const wish = this.#wish;
    if (!wish) {
      sent.producer.close();
      return;
    }
    if (wish.muted !== sent.producer.paused) {
      if (wish.muted) sent.producer.pause();
      else sent.producer.resume();
    }
    // Others hear of it later; that one is silent is true now.
    if (wish.muted && sent.publicationId) this.#port.published(sent.publicationId, this.source, wish);
  }

  #settle(): Promise<void> {
    const settled = this.#queue.then(() => this.#run());
    // The failure is told to whoever asked, and must not stop the next one.
    this.#queue = settled.catch(() => undefined);
    return settled;
  }

  #settleUnattended(): void {
    this.#settle().catch((error: unknown) => this.#port.failed(toRoomError(error, 'internal')));
  }

  async #run(): Promise<void> {
    for (let step = this.#nextStep(); step; step = this.#nextStep()) {
      const [wish, transport] = [this.#wish, this.#transport];
      try {
        await step();
      } catch (error) {
        // Lost on the way: `attach` or `resume` begins again.
        if (isConnectionLoss(error) || isWorkerLoss(error) || transport !== this.#transport) return;
        if (wish !== this.#wish) continue;
        this.#giveUp();
        throw toRoomError(error, 'unsupported-media');
      }
    }
  }

  #nextStep(): (() => Promise<void>) | null {
    const [transport, wish, sent] = [this.#transport, this.#wish, this.#sent];
    if (!transport || !this.#connected) return null;
    if (!sent) return wish ? () => this.#produce(transport, wish) : null;
    if (!wish || sent.producer.closed) return () => this.#unpublish(sent);
    if (sent.producer.track !== wish.track) return () => this.#replaceTrack(sent, wish);
    const { publicationId } = sent;
    if (!publicationId) return () => this.#announce(sent, wish);
    if (sent.toldMuted !== wish.muted) return () => this.#tellMuted(sent, publicationId, wish);
    return null;
  }

  async #produce(transport: types.Transport, wish: Wish): Promise<void> {
    const { track, muted } = wish;
    if (track.readyState === 'ended') {
      this.#wish = null;
      return;
    }
    hintContent(this.source, track);
    track.enabled = !muted;
    const producer = await transport.produce({
      track,
      stopTracks: false,
      ...sendOptions(this.source, track),
    });
    if (this.#transport !== transport) return;
    producer.on('trackended', () => {
      if (this.#wish?.track !== producer.track) return;
      this.want(null).catch((error: unknown) => this.#port.failed(toRoomError(error, 'internal')));
    });
    this.#sent = { producer, publicationId: null, toldMuted: muted, announced: false };
    this.#applyLocally();
  }

  async #announce(sent: Sent, wish: Wish): Promise<void> {
    const known = sent.announced ? this.#port.known(this.source) : null;
    sent.announced = true;
    const { rtpParameters } = sent.producer;
    const { publicationId, muted } =
      known ?? (await this.#port.ask('publish', { source: this.source, rtpParameters, muted: wish.muted }));
    if (this.#sent !== sent) return;
    sent.publicationId = publicationId;
    sent.toldMuted = muted;
    this.#port.published(publicationId, this.source, { ...(this.#wish ?? wish), muted });
  }

  async #replaceTrack(sent: Sent, wish: Wish): Promise<void> {
    hintContent(this.source, wish.track);
    await sent.producer.replaceTrack({ track: wish.track });
    const { rtpSender } = sent.producer;
    if (rtpSender) await fitEncodings(this.source, wish.track, rtpSender);
    if (sent.publicationId)
      this.#port.published(sent.publicationId, this.source, { ...wish, muted: sent.toldMuted });
  }

  async #tellMuted(sent: Sent, publicationId: PublicationId, wish: Wish): Promise<void> {
    const { muted } = wish;
    await this.#port.ask('setMuted', { publicationId, muted });
    sent.toldMuted = muted;
    if (this.#sent === sent) this.#port.published(publicationId, this.source, wish);
  }

  async #unpublish(sent: Sent): Promise<void> {
    const { publicationId } = sent;
    if (publicationId) {
      try {
        await this.#port.ask('unpublish', { publicationId });
      } catch (error) {
        if (!(error instanceof RoomClientError) || error.code !== 'unknown-publication') throw error;
      }
      this.#port.unpublished(publicationId);
    }
    if (this.#sent === sent) this.#sent = null;
  }

  /** The server does not take the wish: what is sent stays as it was; what nobody gets is not sent. */
  #giveUp(): void {
    const sent = this.#sent;
    const track = sent?.producer.track;
    if (this.#wish && sent?.publicationId && track) {
      this.#wish = { track, muted: sent.toldMuted };
      this.#applyLocally();
      this.#port.published(sent.publicationId, this.source, this.#wish);
      return;
    }
    this.#wish = null;
    this.#sent = null;
    sent?.producer.close();
  }
}
