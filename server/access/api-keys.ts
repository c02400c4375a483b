/** Keys of the API: made once, shown once, kept as a hash, each with what it may do. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../conference/ports.ts';

export const scopes = [
  /** See rooms, their invitations, and who is in them. */
  'rooms:read',
  /** Make, change and delete rooms. */
  'rooms:write',
  /** Act in rooms as whoever runs the server: let in, mute, remove, end. */
  'moderate',
  /** See who was in rooms, when, and for how long; and what was written. */
  'attendance:read',
  /** See who called, from which number, and what has become of it. */
  'calls:read',
  /** Call telephones out of rooms. */
  'calls:write',
  /** Give out tokens for rooms, with any role. */
  'tokens:write',
  /** Have other programs told what happens in rooms and on telephones. */
  'webhooks:write',
  /** All of these, keys, and the admin page. */
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  id: string;
  /** What it is for, in the words of who made it. */
  name: string;
  scopes: readonly Scope[];
  /** Ms since the epoch. */
  createdAt: number;
  /** Ms since the epoch, to the minute; null when it never was. */
  lastUsedAt: number | null;
}

/** Implemented by the store. */
export interface ApiKeyStore {
  add(key: ApiKey, hash: string): void;
  find(id: string): { key: ApiKey; hash: string } | null;
  /** Oldest first. */
  all(): ApiKey[];
  used(id: string, at: number): void;
  /** @returns false when there is no such key */
  remove(id: string): boolean;
}

export interface ApiKeys {
  /** @returns the key as its user has to send it, for the only time */
  add(name: string, granted: readonly Scope[]): { key: ApiKey; text: string };
  /** Null for a text that is no key, or none any more. */
  check(text: string): ApiKey | null;
  find(id: string): ApiKey | null;
  all(): ApiKey[];
  remove(id: string): boolean;
}

/** So that a key is known as one where it should not be, such as in a public repository. */
const PREFIX = 'tertulia';
/** Hexadecimal digits twice as many. The secret's are beyond guessing, so that a fast hash will do. */
const ID_BYTES = 8;
const SECRET_BYTES = 32;
const FORM = /^tertulia_([0-9a-f]{16})_([0-9a-f]{64})$/;
/** How exactly it is noted when a key was used, in ms: not every request is worth a write. */
const USE_NOTED_MS = 60_000;

export function createApiKeys(store: ApiKeyStore, clock: Clock): ApiKeys {
  return {
    add(name, granted) {
      const id = randomBytes(ID_BYTES).toString('hex');
      const secret = randomBytes(SECRET_BYTES).toString('hex');
      const key = { id, name, scopes: [...granted], createdAt: clock.now(), lastUsedAt: null };
      store.add(key, hashOf(secret).toString('hex'));
      return { key, text: `${PREFIX}_${id}_${secret}` };
    },
    check(text) {
      const [, id = '', secret = ''] = FORM.exec(text) ?? [];
      const found = store.find(id);
      if (!found || !timingSafeEqual(hashOf(secret), Buffer.from(found.hash, 'hex'))) return null;
      const now = clock.now();
      if (now - (found.key.lastUsedAt ?? 0) >= USE_NOTED_MS) store.used(id, now);
      return found.key;
    },
    find: (id) => store.find(id)?.key ?? null,
    all: () => store.all(),
    remove: (id) => store.remove(id),
  };
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
