/**
 * Numbers, as prompts. Up to 29 each is said in one breath; from there on tens and units are put together, which
 * sounds right in both languages as `tens-30` is "thirty" in one and "treinta y" in the other. They are said as
 * one counts, so that nothing has to agree with a noun.
 */
import type { PromptId } from './catalogue.ts';

const EN = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty'],
  ...['twenty-one', 'twenty-two', 'twenty-three', 'twenty-four', 'twenty-five', 'twenty-six'],
  ...['twenty-seven', 'twenty-eight', 'twenty-nine'],
];
const ES = [
  ...['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once'],
  ...['doce', 'trece', 'catorce', 'quince', 'dieciséis', 'diecisiete', 'dieciocho', 'diecinueve', 'veinte'],
  ...['veintiuno', 'veintidós', 'veintitrés', 'veinticuatro', 'veinticinco', 'veintiséis'],
  ...['veintisiete', 'veintiocho', 'veintinueve'],
];
const EN_TENS = ['thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ES_TENS = ['treinta', 'cuarenta', 'cincuenta', 'sesenta', 'setenta', 'ochenta', 'noventa'];

/** The least of the numbers that are put together. */
const FIRST_TENS = 30;
/** More is said as `more-than-99`: nobody needs it exactly. */
const LARGEST = 99;

type Spoken = readonly (readonly [PromptId, string])[];

function spoken(upTo29: readonly string[], tens: readonly string[], link: string): Spoken {
  return [
    ...upTo29.map((text, number): [PromptId, string] => [`number-${number}`, text]),
    ...tens.map((text, place): [PromptId, string] => [`number-${FIRST_TENS + 10 * place}`, text]),
    ...tens.map((text, place): [PromptId, string] => [`tens-${FIRST_TENS + 10 * place}`, text + link]),
  ];
}

/** The texts of all numbers, by language. */
export const spokenNumbers = { en: spoken(EN, EN_TENS, ''), es: spoken(ES, ES_TENS, ' y') };

/** Says how many people are in the room, the caller among them. */
export function peopleHere(count: number): PromptId[] {
  if (count <= 1) return ['first-here'];
  if (count > LARGEST) return ['people-here', 'more-than-99'];
  const units = count % 10;
  if (count < FIRST_TENS || units === 0) return ['people-here', `number-${count}`];
  return ['people-here', `tens-${count - units}`, `number-${units}`];
}

/** Reads digits one by one; keys that are none are left out. */
export function digitByDigit(digits: string): PromptId[] {
  return Array.from(digits.matchAll(/\d/g), ([digit]): PromptId => `number-${Number(digit)}`);
}
