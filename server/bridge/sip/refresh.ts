/**
 * Tells a phone where we are to be reached now, by offering anew what is agreed on: there are phones that know no UPDATE.
 * When that is refused, the session stays as it is (RFC 3261, section 14.1), where JsSIP ends the call; and of two offers
 * that cross neither is taken.
 */
import type { ReInviteEvent, RTCSession } from 'jssip/lib/RTCSession.js';

/** As JsSIP has them, as far as they are looked at here. */
interface RequestOptions {
  readonly eventHandlers?: {
    readonly onErrorResponse?: (response: { readonly status_code: number }) => void;
  };
}

const REQUEST_PENDING = 491;

export class Refresh {
  readonly #session: RTCSession;
  /** Whether we began the call: that end waits longer after offers that crossed. */
  readonly #hasCalled: boolean;
  readonly #onRefused: (status: number) => void;
  #isUnderWay = false;
  #again: NodeJS.Timeout | undefined;

  /** @param onRefused told of what the phone answers when it goes on without */
  constructor(session: RTCSession, hasCalled: boolean, onRefused: (status: number) => void) {
    this.#session = session;
    this.#hasCalled = hasCalled;
    this.#onRefused = onRefused;
    const heedCrossing = ({ request, reject }: ReInviteEvent): void => {
      const isOffer = request.method === 'INVITE' || request.body !== '';
      if (this.#isUnderWay && isOffer) reject({ status_code: REQUEST_PENDING });
    };
    session.on('reinvite', heedCrossing);
    session.on('update', heedCrossing);
    this.#heedRefusals();
  }

  /** Of a call that is answered. When another offer is under way, as soon as that is over. */
  start(): void {
    clearTimeout(this.#again);
    // Whatever a lost connection has left unanswered is sent again by the next.
    if (this.#isUnderWay || this.#session.isEnded()) return;
    this.#isUnderWay = this.#session.renegotiate({ rtcOfferConstraints: {} }, () => {
      this.#isUnderWay = false;
    });
    if (!this.#isUnderWay) this.#startLater();
  }

  /** The call is over. */
  close(): void {
    clearTimeout(this.#again);
  }

  #startLater(): void {
    const pauseMs = this.#hasCalled ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000;
    this.#again = setTimeout(() => this.start(), pauseMs);
  }

  /** JsSIP makes an offer that has crossed anew once by itself; and a call that the phone does not know (481) is over. */
  #heedRefusals(): void {
    // JsSIP's types do not have it.
    const send: unknown = Reflect.get(this.#session, 'sendRequest');
    if (typeof send !== 'function') throw new Error('JsSIP sends its requests in another way.');
    Reflect.set(this.#session, 'sendRequest', (method: string, options: RequestOptions = {}): unknown => {
      const { eventHandlers = {} } = options;
      const onErrorResponse: typeof eventHandlers.onErrorResponse = (response) => {
        if (method === 'INVITE' && this.#isUnderWay) this.#refused(response.status_code);
        else eventHandlers.onErrorResponse?.(response);
      };
      const request: unknown = Reflect.apply(send, this.#session, [
        method,
        { ...options, eventHandlers: { ...eventHandlers, onErrorResponse } },
      ]);
      return request;
    });
  }

  #refused(status: number): void {
    this.#isUnderWay = false;
    this.#onRefused(status);
    if (status === REQUEST_PENDING) this.#startLater();
  }
}
