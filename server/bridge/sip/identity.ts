/** Who calls, and what number was dialled, as the headers of an INVITE tell it. Pure. */

/** A party as a SIP header names it. */
export interface Party {
  /** The part of the address before the @: a telephone number, most often. Null if withheld. */
  number: string | null;
  /** Null if there is none. */
  name: string | null;
}

/** An address in a header, parsed. */
export interface Address {
  user: string | null;
  host: string;
  name: string | null;
}

export interface InviteHeaders {
  from: Address;
  to: Address;
  /** P-Asserted-Identity (RFC 3325): what the PBX has verified. */
  asserted: Address | null;
  /** P-Called-Party-ID (RFC 7315, section 4.2): the number before the PBX replaced it by our address. */
  calledParty: Address | null;
  /** The values of Privacy (RFC 3323). */
  privacy: string;
}

/** More of a name or number is cut off. */
const LONGEST = 64;

/** @param trustAsserted whether the PBX sees to it that nobody else writes P-Asserted-Identity */
export function callerOf({ from, asserted, privacy }: InviteHeaders, trustAsserted: boolean): Party {
  const isWithheld = /\b(?:id|user|header)\b/.test(privacy) || from.host === 'anonymous.invalid';
  if (isWithheld) return { number: null, name: null };
  const address = trustAsserted && asserted ? asserted : from;
  const number = shown(address.user);
  if (number === null || number.toLowerCase() === 'anonymous') return { number: null, name: null };
  return { number, name: shown(address.name ?? from.name) };
}

/** The number that was dialled to reach us; null if the PBX does not tell. */
export function calledNumberOf({ to, calledParty }: InviteHeaders): string | null {
  return shown((calledParty ?? to).user);
}

/** The room number that a dialled number stands for; null if it has to be asked for. */
export function roomNumberOf(called: string | null, rooms: ReadonlyMap<string, string>): string | null {
  return called === null ? null : (rooms.get(called) ?? null);
}

/** Without what is not to be seen, such as control characters, which would end up in logs and on screens. */
function shown(text: string | null): string | null {
  const clean = (text ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  return clean === '' ? null : clean.slice(0, LONGEST);
}
