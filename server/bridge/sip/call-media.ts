/** The media of one call, as the SIP side deals with it: offers, answers and holds, carried out by the media process. */
import { MediaError } from '../media/protocol.ts';
import type { CallOptions, CallStats, Direction, LegKind } from '../media/protocol.ts';
import type { MediaThread } from '../media/media-thread.ts';
import type { CallMedia } from './peer-connection.ts';

/** How a trunk's calls have their media. */
export interface MediaSettings {
  options: CallOptions;
  /** The kind of leg in offers of ours. Offers of others are answered in their kind. */
  offerKind: LegKind;
}

export class NegotiatedMedia implements CallMedia {
  readonly #thread: MediaThread;
  readonly #callId: string;
  readonly #offerKind: LegKind;
  readonly #opened: Promise<null>;
  readonly #onRemoteDirection: (direction: Direction) => void;
  /** The offer that the call came with, and our answer once it is being made. */
  #first: { offer: string; answer: Promise<string> | null } | null;
  /** Why the last negotiation failed; null if it did not. */
  failure: MediaError | null = null;

  /**
   * @param offer that the call came with; null for one that waits for ours, or that we make
   * @param onRemoteDirection told what the phone says of itself: `sendonly` and `inactive` mean that it holds us
   */
  constructor(
    thread: MediaThread,
    callId: string,
    { options, offerKind }: MediaSettings,
    offer: string | null,
    onRemoteDirection: (direction: Direction) => void,
  ) {
    this.#thread = thread;
    this.#callId = callId;
    this.#offerKind = offerKind;
    this.#first = offer === null ? null : { offer, answer: null };
    this.#onRemoteDirection = onRemoteDirection;
    this.#opened = thread.request('openCall', { callId, options });
    // Whoever negotiates learns of it.
    this.#opened.catch(() => undefined);
  }

  offer(): Promise<string> {
    return this.#negotiate(async () => {
      const { sdp } = await this.#thread.request('offer', { callId: this.#callId, kind: this.#offerKind });
      return sdp;
    });
  }

  /**
   * Has an answer ready to what the call came with before SIP asks for it: what is wrong with the offer, or with us,
   * decides how the call is refused, and JsSIP has but one refusal for all.
   * @throws MediaError
   */
  async prepare(): Promise<void> {
    if (this.#first) await (this.#first.answer ??= this.#answer(this.#first.offer));
    else await this.#negotiate(() => this.#opened);
  }

  answer(offer: string): Promise<string> {
    const first = this.#first;
    this.#first = null;
    return (first?.offer === offer ? first.answer : null) ?? this.#answer(offer);
  }

  #answer(offer: string): Promise<string> {
    return this.#negotiate(async () => {
      const { sdp, remoteDirection } = await this.#thread.request('answer', {
        callId: this.#callId,
        sdp: offer,
      });
      this.#onRemoteDirection(remoteDirection);
      return sdp;
    });
  }

  acceptAnswer(sdp: string): Promise<void> {
    return this.#negotiate(async () => {
      const { remoteDirection } = await this.#thread.request('acceptAnswer', { callId: this.#callId, sdp });
      this.#onRemoteDirection(remoteDirection);
    });
  }

  /** Idempotent. @returns what the media was like; null if there was none, or nobody knows any more */
  async close(): Promise<CallStats | null> {
    try {
      await this.#opened;
      return await this.#thread.request('closeCall', { callId: this.#callId });
    } catch (error) {
      // The media is gone, which is what was wanted.
      if (error instanceof MediaError) return null;
      throw error;
    }
  }

  async #negotiate<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.#opened;
      const result = await work();
      this.failure = null;
      return result;
    } catch (error) {
      this.failure = error instanceof MediaError ? error : null;
      throw error;
    }
  }
}
