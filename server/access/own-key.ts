/** What this server signs itself: tokens that it gives out, and cookies. One key, a type of its own for each use. */
import { SignJWT, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { Clock } from '../conference/ports.ts';

/** In the header (`typ`, RFC 8725, 3.11), so that what was signed for one use is of none for another. */
export type Use = 'tertulia-room+jwt' | 'tertulia-session+jwt' | 'tertulia-sign-in+jwt';

const ALGORITHM = 'HS256';

export class OwnKey {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  /** @param key 32 bytes or more from the system's generator */
  constructor(key: Uint8Array, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** @param lastsMs until it is no longer accepted */
  sign(use: Use, payload: JWTPayload, lastsMs: number): Promise<string> {
    const now = this.#clock.now();
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: use })
      .setIssuedAt(Math.floor(now / 1_000))
      .setExpirationTime(Math.floor((now + lastsMs) / 1_000))
      .sign(this.#key);
  }

  /** @throws an error of jose for what is expired, not signed by this key, or for another use */
  async verify(use: Use, signed: string): Promise<JWTPayload> {
    const { payload } = await jwtVerify(signed, this.#key, {
      algorithms: [ALGORITHM],
      typ: use,
      requiredClaims: ['exp'],
      currentDate: new Date(this.#clock.now()),
    });
    return payload;
  }
}
