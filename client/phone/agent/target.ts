/** Whom to call or write to: what people type, and what links on web pages carry, as one kind of address. */

export interface Target {
  /** `sip:user@host`, without parameters and headers: those are not for a link to decide. */
  readonly address: string;
  /** Keys to press once the call is answered, as in `tel:+54111234,,123456#`; a comma waits two seconds. */
  readonly keys: string;
}

/** Longer is no address, in characters. */
const MAX_LENGTH = 256;
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
/** What people write between the digits of a number; `tel:` calls them visual separators (RFC 3966). */
const SEPARATORS = /[\s().\-/]/g;
const NUMBER = /^\+?[0-9*#]+$/;
const KEYS = /^[0-9A-D*#,]*$/i;

/**
 * @param input a number, a name, `name@host`, or a `sip:`, `sips:` or `tel:` address
 * @param domain where names without a host belong
 * @returns null when it is no address
 */
export function parseTarget(input: string, domain: string): Target | null {
  const trimmed = input.trim();
  if (trimmed === '' || trimmed.length > MAX_LENGTH) return null;
  const bare = trimmed.replace(/^(?:sips?|tel):(?:\/\/)?/i, '').replace(/[;?].*$/s, '');
  const at = bare.lastIndexOf('@');
  const [user, keys] = splitKeys(at < 0 ? bare : bare.slice(0, at));
  const host = at < 0 ? domain : bare.slice(at + 1);
  const written = writeUser(user);
  if (written === null || !isHost(host) || !KEYS.test(keys)) return null;
  return { address: addressOf(written, host), keys };
}

/** Whether this is a host, with a port or without. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** A name as it stands in an address (RFC 3261, 25.1). */
export function escapeUser(user: string): string {
  return encodeURIComponent(user).replace(/%2B/g, '+');
}

/** The address as the phone knows it, so that the same person is always the same one. @param user escaped */
export function addressOf(user: string, host: string): string {
  return `sip:${user}@${host.toLowerCase()}`;
}

/** What a person reads: the name alone for people of the same domain, else `name@host`. */
export function readable(address: string, domain: string): string {
  const bare = decode(address.replace(/^sip:/i, ''));
  const at = bare.lastIndexOf('@');
  return at > 0 && bare.slice(at + 1) === domain.toLowerCase() ? bare.slice(0, at) : bare;
}

/**
 * What a link asks this page to call, for example `/phone?call=sip:bob@example.org`. It is only put into the field:
 * nobody is called without a click.
 * @param search of the page's address, with its question mark
 */
export function wishedCall(search: string): string | null {
  const call = new URLSearchParams(search).get('call')?.trim().slice(0, MAX_LENGTH);
  return call === undefined || call === '' ? null : call;
}

/** A number may be followed by keys; a name may not. */
function splitKeys(user: string): [user: string, keys: string] {
  const comma = user.indexOf(',');
  return comma < 0 ? [user, ''] : [user.slice(0, comma), user.slice(comma).replace(/\s/g, '')];
}

/** A number without what people write between its digits, or a name. @returns null when it is neither */
function writeUser(user: string): string | null {
  const plain = decode(user).trim();
  const number = plain.replace(SEPARATORS, '');
  const meant = NUMBER.test(number) ? number : plain;
  if (meant === '' || /[\s\p{Cc}]/u.test(meant)) return null;
  return escapeUser(meant);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that escapes nothing stands for itself.
    return text;
  }
}
