/** Instant messages by SIP MESSAGE (RFC 3428): plain text, of bounded length. */
import type { UA } from 'jssip';
import type { MessageFailedEvent } from 'jssip/lib/Message.js';
import type { OutgoingEvent } from 'jssip/lib/RTCSession.js';
import type { IncomingMessageEvent, OutgoingMessageEvent } from 'jssip/lib/UA.js';
import type { Peer } from './call-state.ts';
import { peerOf } from './peer.ts';

/** `delivered`: a phone has it. `accepted`: the PBX has it, and tells no more (202; RFC 3428, section 7). */
export type Delivery = 'delivered' | 'accepted';

export type MessageProblem = 'not-there' | 'not-found' | 'refused' | 'unreachable' | 'no-answer' | 'failed';

export class MessageError extends Error {
  override readonly name = 'MessageError';
  readonly problem: MessageProblem;

  constructor(problem: MessageProblem) {
    super(`The message was not delivered: ${problem}.`);
    this.problem = problem;
  }
}

/** In characters. RFC 3428 has 1300 bytes for requests over UDP, which the PBX's other side may be. */
export const MAX_MESSAGE_LENGTH = 1_000;
/** Longer ones of others are cut, in characters. */
const MAX_RECEIVED = 8_000;

const BY_STATUS: ReadonlyMap<number, MessageProblem> = new Map([
  [403, 'refused'],
  [404, 'not-found'],
  [405, 'refused'],
  [408, 'no-answer'],
  [415, 'refused'],
  [480, 'not-there'],
  [486, 'refused'],
  [603, 'refused'],
  [604, 'not-found'],
]);

/** @throws MessageError when it did not get through */
export function sendMessage(ua: UA, address: string, text: string): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    ua.sendMessage(address, text, {
      contentType: 'text/plain;charset=UTF-8',
      eventHandlers: {
        succeeded: ({ response }: OutgoingEvent) =>
          resolve(response.status_code === 202 ? 'accepted' : 'delivered'),
        failed: ({ response, cause }: UnansweredEvent) =>
          reject(new MessageError(messageProblem(String(cause), response?.status_code ?? null))),
      },
    });
  });
}

/** @param status null when there was no answer */
export function messageProblem(cause: string, status: number | null): MessageProblem {
  if (cause === 'Connection Error') return 'unreachable';
  if (cause === 'Request Timeout') return 'no-answer';
  return (status === null ? undefined : BY_STATUS.get(status)) ?? 'failed';
}

/** @returns null for what is no text, which is refused, so that its sender knows */
export function receiveMessage({
  message,
  request,
}: IncomingMessageEvent | OutgoingMessageEvent): { from: Peer; text: string } | null {
  const type = request.hasHeader('content-type') ? request.getHeader('content-type') : '';
  if (!/^text\/plain\b/i.test(type)) {
    message.reject({ status_code: 415, extraHeaders: ['Accept: text/plain'] });
    return null;
  }
  return { from: peerOf(message.remote_identity), text: request.body.slice(0, MAX_RECEIVED) };
}

type UnansweredEvent = Pick<MessageFailedEvent, 'cause'> & {
  readonly response: MessageFailedEvent['response'] | null;
};
