/** Whose tokens are believed: one key, or the keys that a JWKS URL has, each with the algorithms that it is for. */
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createRemoteJWKSet } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { StartError } from '../start-error.ts';

export interface TrustOptions {
  /** Shared secret for HS256. */
  tokenSecret: string | null;
  /** PEM: an RSA key for RS256, or a P-256 key for ES256. */
  tokenPublicKey: string | null;
  /** JWK Set (RFC 7517) with keys for RS256 and ES256. */
  tokenJwksUrl: string | null;
  /** What `iss` must be; null does not ask. */
  tokenIssuer: string | null;
  /** What `aud` must be or contain; null does not ask. */
  tokenAudience: string | null;
}

/**
 * The algorithms go with the key and are never taken from the token: a public key that is used as an HS256 secret
 * would let everybody sign (RFC 8725, 3.1).
 */
export interface Trust {
  keyOf: JWTVerifyGetKey;
  algorithms: string[];
  issuer: string | null;
  audience: string | null;
}

/** A server with keys that answers slower counts as gone, in ms. */
const JWKS_TIMEOUT_MS = 5_000;
/** Keys are asked for again after so long, in ms. Longer: a key that was withdrawn is believed longer. */
const JWKS_MAX_AGE_MS = 600_000;
/** An unknown key id makes it ask again, but not more often than this, in ms: anybody can write a token with one. */
const JWKS_COOLDOWN_MS = 30_000;

/** @returns null when no key is set. @throws StartError for a key that is none */
export function createTrust(options: TrustOptions): Trust | null {
  const { tokenSecret, tokenPublicKey, tokenJwksUrl, tokenIssuer: issuer, tokenAudience: audience } = options;
  if (tokenSecret !== null) {
    const secret = new TextEncoder().encode(tokenSecret);
    return { keyOf: async () => secret, algorithms: ['HS256'], issuer, audience };
  }
  if (tokenPublicKey !== null) {
    const key = publicKey(tokenPublicKey);
    return { keyOf: async () => key, algorithms: [algorithmOf(key)], issuer, audience };
  }
  if (tokenJwksUrl !== null) {
    const keyOf = createRemoteJWKSet(new URL(tokenJwksUrl), {
      timeoutDuration: JWKS_TIMEOUT_MS,
      cacheMaxAge: JWKS_MAX_AGE_MS,
      cooldownDuration: JWKS_COOLDOWN_MS,
    });
    return { keyOf, algorithms: ['RS256', 'ES256'], issuer, audience };
  }
  return null;
}

function publicKey(pem: string): KeyObject {
  // A private key would be read as well, and should not lie around here.
  if (/PRIVATE KEY/.test(pem)) throw new StartError('TOKEN_PUBLIC_KEY: is a private key');
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new StartError('TOKEN_PUBLIC_KEY: is no public key in PEM form', { cause });
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new StartError('TOKEN_PUBLIC_KEY: must be an RSA key, or one of the curve P-256');
}
