/** Tokens: who somebody is, and in which rooms; checked at the door, and given out by the API. */
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { Logger } from 'pino';
import { ConferenceError } from '../conference/errors.ts';
import type { RoomName } from '../conference/model.ts';
import type { Clock, Identify, Identity } from '../conference/ports.ts';
import { claims, isForRoom } from './claims.ts';
import type { Claims } from './claims.ts';
import type { OwnKey } from './own-key.ts';
import type { Trust } from './trust.ts';

export interface TokensParts {
  /** Whether a token is needed to make a room. */
  makeRooms: 'anyone' | 'token';
  /** Whether a token is needed to enter one. */
  enterRooms: 'anyone' | 'token';
  /** Whose tokens are believed beside our own; null for nobody's. */
  trust: Trust | null;
  ownKey: OwnKey;
  clock: Clock;
  logger: Logger;
}

export interface Tokens {
  identify: Identify;
  /** A token of this server. @param lastsMs until it expires */
  mint(claims: Claims, lastsMs: number): Promise<string>;
}

/** How far clocks of two machines may be apart, in seconds. */
const CLOCK_TOLERANCE_S = 30;
const OWN_ISSUER = 'tertulia';

export function createTokens(parts: TokensParts): Tokens {
  const { makeRooms, enterRooms, ownKey, clock, logger } = parts;

  async function identify(token: string | undefined, room: RoomName): Promise<Identity> {
    if (token === undefined) {
      if (enterRooms === 'token')
        throw new ConferenceError('token-required', 'This server asks for a token.');
      return { subject: null, name: null, avatar: null, role: null, mayMakeRooms: makeRooms === 'anyone' };
    }
    const payload = await verified(token);
    const result = claims.safeParse(payload);
    if (!result.success) {
      const [issue] = result.error.issues;
      throw refused(
        `Its ${issue?.path.map(String).join('.') ?? 'content'} does not fit: ${issue?.message ?? ''}`,
      );
    }
    const { sub, room: pattern, role, name, avatar, features } = result.data;
    if (!isForRoom(pattern, room)) throw refused('It is for another room.');
    return {
      // Others may have given the same name to somebody else.
      subject: sub === undefined ? null : `${payload.iss ?? ''}#${sub}`,
      name: name ?? null,
      avatar: avatar ?? null,
      role: role ?? null,
      mayMakeRooms: makeRooms === 'anyone' || features?.makeRooms !== false,
    };
  }

  async function verified(token: string): Promise<JWTPayload> {
    try {
      if (isOwn(token)) return await ownKey.verify('tertulia-room+jwt', token);
      return await verifiedByTrust(token);
    } catch (error) {
      if (error instanceof ConferenceError) throw error;
      if (!isOfToken(error)) logger.warn({ err: error }, 'a token could not be checked');
      throw refused(reasonOf(error), error);
    }
  }

  async function verifiedByTrust(token: string): Promise<JWTPayload> {
    const { trust } = parts;
    if (!trust) throw refused('This server has no key to check it with.');
    const { payload } = await jwtVerify(token, trust.keyOf, {
      algorithms: trust.algorithms,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(clock.now()),
      ...(trust.issuer === null ? {} : { issuer: trust.issuer }),
      ...(trust.audience === null ? {} : { audience: trust.audience }),
    });
    return payload;
  }

  return {
    identify,
    mint: (content, lastsMs) => ownKey.sign('tertulia-room+jwt', { iss: OWN_ISSUER, ...content }, lastsMs),
  };
}

/** By what it says of itself: whether that is true is found out with our key. */
function isOwn(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === 'tertulia-room+jwt';
  } catch {
    return false;
  }
}

function refused(reason: string, cause?: unknown): ConferenceError {
  return new ConferenceError('token-refused', `The token is refused. ${reason}`, { cause });
}

/** False when the fault is with the keys or the way to them, which whoever runs the server wants to know. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    error.code !== errors.JWKSTimeout.code &&
    // What the library throws for an answer of the JWKS URL that is none.
    error.code !== errors.JOSEError.code
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'It has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? `It has no ${error.claim}.`
      : `Its ${error.claim} is not accepted here.`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'It is not signed by a key that is known here.';
  if (error instanceof errors.JWKSNoMatchingKey) return 'It is not signed by a key that is known here.';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'Its algorithm is not accepted here.';
  if (isOfToken(error)) return 'It is not a token as this server reads them.';
  return 'The keys to check it with can not be had at the moment.';
}
