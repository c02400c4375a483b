/** What may be dialled out of rooms. Pure. */

/** A number, or the user part of a SIP address. No characters that mean something in a SIP address. */
const NUMBER = /^\+?[0-9*#]{1,32}$/;
const SIP_USER = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/**
 * The user part of the address to call, from what a person has typed: a number with the usual dots, spaces, dashes and
 * parentheses, a name, or an address at the trunk's own domain.
 *
 * @returns null for anything else: other domains are not called
 */
export function targetOf(typed: string, domain: string): string | null {
  const withoutScheme = typed.trim().replace(/^sip:/i, '');
  const at = withoutScheme.lastIndexOf('@');
  if (at >= 0 && withoutScheme.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return null;
  const user = at >= 0 ? withoutScheme.slice(0, at) : withoutScheme;
  const number = user.replace(/[\s().\-/]/g, '');
  if (NUMBER.test(number)) return number;
  return SIP_USER.test(user) ? user : null;
}

/**
 * @param patterns each a number in which `x` stands for any digit and a last `*` for anything that follows, such as
 * `+5411*` or `2xx`
 */
export function mayBeDialled(target: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => toExpression(pattern).test(target));
}

function toExpression(pattern: string): RegExp {
  const isOpen = pattern.endsWith('*');
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  const source = fixed.replace(/[^a-z0-9]/gi, (sign) => `\\${sign}`).replaceAll('x', '[0-9]');
  return new RegExp(`^${source}${isOpen ? '.*' : ''}$`);
}
