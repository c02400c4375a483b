/** SIP MESSAGE (RFC 3428): a line of chat to and from a phone. */
import type { Address } from './identity.ts';
import { parseAddress } from './headers.ts';
import type { Request } from './headers.ts';

/** Characters of a message that are kept; a MESSAGE must fit into 1300 bytes anyway (RFC 3428, section 8). */
export const LONGEST_MESSAGE = 1_000;

export interface ChatLine {
  from: Address;
  text: string;
}

/** What a MESSAGE is refused with: it is not plain text, or has none. */
export type MessageRefusal = { status: 400 | 415 };

/** Reads a message of a phone's. */
export function readMessage(request: Request & { body: unknown }): ChatLine | MessageRefusal {
  const type = request.getHeader('Content-Type') ?? 'text/plain';
  if (!/^text\/plain\s*(?:;|$)/i.test(type)) return { status: 415 };
  const body = typeof request.body === 'string' ? request.body : '';
  const text = body
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, LONGEST_MESSAGE);
  if (text === '') return { status: 400 };
  const from = parseAddress(request.getHeader('From')) ?? {
    user: request.from.uri.user,
    host: request.from.uri.host,
    name: null,
  };
  return { from, text };
}
