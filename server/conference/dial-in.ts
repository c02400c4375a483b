/** How a room is reached from telephones, in words and as a link. Pure. */
import type { DialIn } from './model.ts';

/** Each has a telephone wait some 2 s before it keys something in: for an answer, or for what was keyed in before. */
const PAUSES = ',,';
/** Ends what is keyed in; in a link it would begin the fragment. */
const END = '%23';

/** Digits as they are read out: four at a time. */
export function groupsOf(digits: string): string {
  return digits.replace(/\d{4}(?=\d)/g, '$& ');
}

/**
 * A link that dials, and keys in what the voice menu asks for. Pauses are not in RFC 3966, but telephones have them.
 * @returns null for a number without its country: it means something else elsewhere
 */
export function dialLink({ number }: DialIn, roomNumber: string, pin: string | null): string | null {
  if (!number.startsWith('+')) return null;
  const keys = [roomNumber, ...(pin === null ? [] : [pin])].map((digits) => `${PAUSES}${digits}${END}`);
  return `tel:${number}${keys.join('')}`;
}

/**
 * Where a number is and what is spoken there, such as `Argentina, Spanish`; empty where nothing is known.
 * @param language the reader's, BCP 47
 */
export function aboutDialIn({ label, country, language: spoken }: DialIn, language: string): string {
  const name = (type: 'region' | 'language', code: string | null): string | undefined =>
    code === null ? undefined : new Intl.DisplayNames(language, { type }).of(code);
  const place = label ?? name('region', country);
  return [place, name('language', spoken)].filter((word) => word !== undefined).join(', ');
}

/** All of it in one line of plain text. @param language the reader's, BCP 47 */
export function dialInLine(way: DialIn, roomNumber: string, pin: string | null, language: string): string {
  const about = aboutDialIn(way, language);
  const link = dialLink(way, roomNumber, pin);
  return [way.written, ...(about === '' ? [] : [`(${about})`]), ...(link === null ? [] : [link])].join(' ');
}
