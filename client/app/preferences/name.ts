/** As the contract has it. */
export const MAX_NAME_LENGTH = 64;

/** A name without what can't be seen in it, and without spaces around it. */
export function cleanName(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
}
