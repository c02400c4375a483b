/** What callers are called in a room. */

/** Digits at the end that are shown of a number. More: known to those who know it. Fewer: two callers look the same. */
const SHOWN_DIGITS = 3;

/** The name that the telephone gives, or as much of its number as everybody may know. */
export function callerName(
  { name, number }: { name: string | null; number: string | null },
  showNumbers: boolean,
): string {
  // Many exchanges give the number as the name.
  const isName = name !== null && !/^[+\d\s()./-]*$/.test(name);
  if (isName) return name;
  if (number === null) return '☎';
  return (showNumbers ? number : `☎ …${number.slice(-SHOWN_DIGITS)}`).slice(0, 64);
}
