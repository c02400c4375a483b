/**
 * Offers of both ends that cross (RFC 3261, section 14.1). JsSIP takes the other one all the same, which undoes its own;
 * it sends that again after a second, as does a JsSIP at the other end; and it ends the call when that fails.
 */
import type { RTCSession } from 'jssip/lib/RTCSession.js';

/** As JsSIP has them, as far as they are looked at here. */
interface RequestOptions {
  readonly eventHandlers?: {
    readonly onErrorResponse?: (response: { readonly status_code: number }) => void;
  };
}

export interface Offers {
  /** Whether one of ours is under way. */
  readonly isOffering: boolean;
  /** Ours has crossed another one, and is to be made anew, after a while. */
  crossed(): void;
}

const REQUEST_PENDING = 491;

/** Takes no offer while one of ours is under way, and keeps the call when ours is not taken for the same reason. */
export function heedCrossing(session: RTCSession, offers: Offers): void {
  session.on('reinvite', ({ reject }) => {
    if (offers.isOffering) reject({ status_code: REQUEST_PENDING });
  });
  // JsSIP's types do not have it.
  const send: unknown = Reflect.get(session, 'sendRequest');
  if (typeof send !== 'function') throw new Error('JsSIP sends its requests in another way.');
  Reflect.set(session, 'sendRequest', (method: string, options: RequestOptions = {}): unknown => {
    const { eventHandlers = {} } = options;
    const onErrorResponse: typeof eventHandlers.onErrorResponse = (response) => {
      if (method === 'INVITE' && response.status_code === REQUEST_PENDING && offers.isOffering)
        offers.crossed();
      else eventHandlers.onErrorResponse?.(response);
    };
    const request: unknown = Reflect.apply(send, session, [
      method,
      { ...options, eventHandlers: { ...eventHandlers, onErrorResponse } },
    ]);
    return request;
  });
}

/** How long to wait before the next try, in ms: the end that began the call waits longer. */
export function pauseAfterCrossing(hasCalled: boolean): number {
  return hasCalled ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000;
}
