/** Who may do what, put together: tokens at the door, keys of the API, sign-in of hosts. */
import type { Logger } from 'pino';
import type { Clock } from '../conference/ports.ts';
import { createApiKeys } from './api-keys.ts';
import type { ApiKeys, ApiKeyStore } from './api-keys.ts';
import { OwnKey } from './own-key.ts';
import type { PersonRules } from './person.ts';
import { createSessions } from './sessions.ts';
import type { AccessSessions, EndedSessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import type { SignIn } from './sign-in.ts';
import { createTokens } from './tokens.ts';
import type { Tokens } from './tokens.ts';
import { createTrust } from './trust.ts';
import type { TrustOptions } from './trust.ts';

export interface AccessOptions extends TrustOptions {
  makeRooms: 'anyone' | 'token';
  enterRooms: 'anyone' | 'token';
  /** The OpenID Connect provider; null lets nobody sign in. */
  oidcIssuer: string | null;
  oidcClientId: string | null;
  oidcClientSecret: string | null;
  oidcHostClaim: PersonRules['hostClaim'];
  oidcAdminClaim: PersonRules['adminClaim'];
  allowHttpIssuers: boolean;
  /** URL of the start page, without a slash at its end; a sign-in comes back below it. */
  publicUrl: string | null;
}

export interface AccessParts {
  keyStore: ApiKeyStore;
  endedSessions: EndedSessions;
  /** 32 bytes or more that only this server knows. */
  ownSecret: Uint8Array;
  clock: Clock;
  logger: Logger;
}

export interface Access {
  tokens: Tokens;
  keys: ApiKeys;
  sessions: AccessSessions;
  /** Null when nobody can sign in. */
  signIn: SignIn | null;
}

/** @throws StartError for a key that is none */
export function createAccess(options: AccessOptions, parts: AccessParts): Access {
  const { keyStore, endedSessions, ownSecret, clock, logger } = parts;
  const { makeRooms, enterRooms } = options;
  const ownKey = new OwnKey(ownSecret, clock);
  const keys = createApiKeys(keyStore, clock);
  return {
    tokens: createTokens({ makeRooms, enterRooms, trust: createTrust(options), ownKey, clock, logger }),
    keys,
    sessions: createSessions(ownKey, keys, endedSessions),
    signIn: signInOf(options, ownKey),
  };
}

function signInOf(options: AccessOptions, ownKey: OwnKey): SignIn | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, publicUrl } = options;
  if (issuer === null || clientId === null || clientSecret === null || publicUrl === null) return null;
  return createSignIn(
    {
      issuer,
      clientId,
      clientSecret,
      redirectUrl: `${publicUrl}/api/sign-in/callback`,
      allowHttp: options.allowHttpIssuers,
      hostClaim: options.oidcHostClaim,
      adminClaim: options.oidcAdminClaim,
    },
    ownKey,
  );
}
