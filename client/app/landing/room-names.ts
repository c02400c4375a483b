/** Names of rooms: made up, and read from what people type or paste. */
import { decode } from '../links.ts';

/**
 * Sixteen bits as five letters, consonant and vowel in turn, so that a name can be read out over a telephone
 * in any language (proquints, arXiv:0901.4016).
 */
const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';
const WORDS = 4;

const MAX_NAME_LENGTH = 64;
/** The same rule as the contract's; a test holds the two together. */
const ROOM_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._~-]*$/u;

/** A name that nobody guesses: 64 random bits, for example `lusab-gutih-tobog-hinup`. */
export function inventRoomName(): string {
  const words = crypto.getRandomValues(new Uint16Array(WORDS));
  return Array.from(words, spell).join('-');
}

/** @param bits 0 to 65 535 */
function spell(bits: number): string {
  const consonant = (shift: number): string => CONSONANTS.charAt((bits >> shift) & 15);
  const vowel = (shift: number): string => VOWELS.charAt((bits >> shift) & 3);
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}

/**
 * The room that somebody means: a link to one, of whatever server path, or a name in which spaces become hyphens.
 * Null when no name is left.
 */
export function roomFromInput(input: string): string | null {
  const text = input.trim();
  const inLink = /^[a-z]+:\/\/|\/r\//i.test(text) ? /\/r\/([^/?#]+)/.exec(text)?.[1] : undefined;
  if (inLink === undefined && /^[a-z]+:\/\//i.test(text)) return null;
  const name = decode(inLink ?? text)
    .normalize('NFC')
    .replace(/[\s/]+/g, '-')
    .replace(/[^\p{L}\p{M}\p{N}._~-]/gu, '')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, MAX_NAME_LENGTH);
  return isRoomName(name) ? name : null;
}

export function isRoomName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && ROOM_NAME.test(name);
}
