/** What we read of SIP messages, in plain data. */
import type { NameAddrHeader } from 'jssip/lib/NameAddrHeader.js';
import type { Address, InviteHeaders } from './identity.ts';

/** A JsSIP request, as far as it is looked at. */
export interface Request {
  from: NameAddrHeader;
  to: NameAddrHeader;
  /** @returns undefined if there is none, whatever JsSIP's types say */
  getHeader: (name: string) => string | undefined;
}

/** The name before an address in brackets, quoted or not. Of a list, that of the first. */
const NAME = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<",:]*?))\s*(?=<)/;
const ADDRESS = /^(?:sips?|tel):([^>@;?\s]+)(?:@(\[[^\]]+\]|[^>;:?\s]+))?/i;

/**
 * Reads `"Name" <sip:user@host;…>`, `Name <tel:number>` or `sip:user@host`.
 * @returns null for anything that is no address
 */
export function parseAddress(text: string | undefined): Address | null {
  const [before = '', quoted, token = ''] = NAME.exec(text ?? '') ?? [];
  const match = ADDRESS.exec((text ?? '').slice(before.length).replace(/^\s*<?/, ''));
  if (!match) return null;
  const [, user = '', host = ''] = match;
  const name = quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1');
  return { user: decoded(user), host: host.toLowerCase(), name: name === '' ? null : name };
}

/** What an INVITE says about who calls whom. */
export function inviteHeaders(request: Request): InviteHeaders {
  return {
    from: toAddress(request.from),
    to: toAddress(request.to),
    asserted: parseAddress(request.getHeader('P-Asserted-Identity')),
    calledParty: parseAddress(request.getHeader('P-Called-Party-ID')),
    privacy: request.getHeader('Privacy')?.toLowerCase() ?? '',
  };
}

/** Whatever JsSIP's types say, it gives null for what is not there. */
function toAddress({ uri, display_name: name }: NameAddrHeader): Address {
  return {
    user: uri.user ? decoded(uri.user) : null,
    host: uri.host.toLowerCase(),
    name: name ? name : null,
  };
}

/**
 * The cause that a telephone network gives for the end of a call (Q.850, in a Reason header: RFC 3326).
 * @param reasons values of all such headers
 */
export function networkCauseOf(reasons: readonly string[]): number | null {
  for (const reason of reasons) {
    const [, cause] = /\bQ\.850\s*;[^,]*?\bcause\s*=\s*(\d{1,3})\b/i.exec(reason) ?? [];
    if (cause !== undefined) return Number(cause);
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray per cent sign means itself.
    return text;
  }
}
