/** Who signed in, made of what an OpenID Connect provider tells. Pure. */
import { displayName } from '../signalling/contract/primitives.ts';
import { avatar } from './claims.ts';

export interface Person {
  /** The same at each sign-in, unique among all providers. */
  subject: string;
  /** Fit to be shown; null when the provider tells none. */
  name: string | null;
  /** An https URL. */
  avatar: string | null;
  /** Host in all rooms, and may make them. */
  isHost: boolean;
  /** May see the admin page, and use the API. */
  isAdmin: boolean;
}

/** A claim that must have a value, or a list that must contain it. */
export interface WantedClaim {
  name: string;
  value: string;
}

export interface PersonRules {
  /** Null makes everybody host who signs in. */
  hostClaim: WantedClaim | null;
  /** Null makes nobody admin. */
  adminClaim: WantedClaim | null;
}

const MAX_NAME = 64;

/** @param issuer the provider, whose word is good for its own people only */
export function personOf(
  issuer: string,
  claims: Readonly<Record<string, unknown>> & { sub: string },
  { hostClaim, adminClaim }: PersonRules,
): Person {
  return {
    subject: `${issuer}#${claims.sub}`,
    name: nameOf(claims['name'] ?? claims['preferred_username']),
    avatar: avatar.safeParse(claims['picture']).data ?? null,
    isHost: hostClaim === null || has(claims, hostClaim),
    isAdmin: adminClaim !== null && has(claims, adminClaim),
  };
}

function has(claims: Readonly<Record<string, unknown>>, { name, value }: WantedClaim): boolean {
  const found = claims[name];
  return Array.isArray(found) ? found.includes(value) : String(found) === value && found !== undefined;
}

/** Names at a provider may be longer than here, and have characters that could hide others. */
function nameOf(given: unknown): string | null {
  if (typeof given !== 'string') return null;
  const visible = given.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  // Not in the middle of a character that takes two.
  const short = visible.slice(0, MAX_NAME).replace(/[\uD800-\uDBFF]$/, '');
  return displayName.safeParse(short).data ?? null;
}
