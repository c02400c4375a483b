/** Keys and passwords: made, hashed, compared. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { nanoid } from 'nanoid';
import type { Secrets } from './conference/ports.ts';

/** Of 6 bits each from the system's generator, 132 together. */
const KEY_CHARACTERS = 22;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Cost of scrypt (RFC 7914), about 16 MiB and 50 ms for a try. Higher: harder to guess from a stolen file, slower to join. */
const COST = 2 ** 14;

export const secrets: Secrets = {
  newKey: () => nanoid(KEY_CHARACTERS),
  hashKey: (key) => createHash('sha256').update(key).digest('base64url'),
  async hashPassword(password) {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt);
    return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
  },
  async isPassword(password, stored) {
    const [salt, hash] = stored.split('.').map((part) => Buffer.from(part, 'base64url'));
    if (!salt || !hash) return false;
    const given = await derive(password, salt);
    return given.length === hash.length && timingSafeEqual(given, hash);
  },
};

/** In the system's threads: the server goes on meanwhile. */
function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // What people see as the same letters is the same password.
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, { cost: COST }, (error, hash) => {
      if (error) reject(error);
      else resolve(hash);
    });
  });
}
