/** Those who are signed in with a browser: a cookie that this server signs, for people and for users of API keys. */
import { nanoid } from 'nanoid';
import { z } from 'zod';
import type { ApiKeys, Scope } from './api-keys.ts';
import type { OwnKey } from './own-key.ts';
import type { Person } from './person.ts';

export const SESSION_LASTS_MS = 12 * 3_600_000;

/** Who asks: a person, a program, or a person with a program's key. */
export interface Caller {
  name: string;
  scopes: readonly Scope[];
  /** Null for those who came by a key. */
  person: Person | null;
}

export interface AccessSessions {
  /** @returns what the cookie is to hold */
  ofPerson(person: Person): Promise<string>;
  /** For the admin page. @returns null for a key that is none, or may not use the page */
  ofKey(text: string): Promise<string | null>;
  /** Null when it has expired or was ended, was not signed here, or its key is no longer one. */
  read(cookie: string): Promise<Caller | null>;
  /** Signs out: nobody comes in by this cookie any more, whoever may have it. Idempotent. */
  end(cookie: string): Promise<void>;
  /** By `Authorization: Bearer`. */
  byKey(text: string): Caller | null;
}

/** Those that were ended before their time; implemented by the store. */
export interface EndedSessions {
  /** @param expiresAt when it would have ended by itself, in ms since the epoch */
  add(id: string, expiresAt: number): void;
  has(id: string): boolean;
}

const session = z.object({ jti: z.string(), exp: z.int() });

const content = z.union([
  z.object({
    person: z.object({
      subject: z.string(),
      name: z.string().nullable(),
      avatar: z.string().nullable(),
      isHost: z.boolean(),
      isAdmin: z.boolean(),
    }) satisfies z.ZodType<Person>,
  }),
  z.object({ keyId: z.string() }),
]);

export function createSessions(ownKey: OwnKey, keys: ApiKeys, ended: EndedSessions): AccessSessions {
  const seal = (payload: z.output<typeof content>) =>
    ownKey.sign('tertulia-session+jwt', { jti: nanoid(), ...payload }, SESSION_LASTS_MS);

  async function opened(cookie: string) {
    const payload = await ownKey.verify('tertulia-session+jwt', cookie).catch(() => null);
    const result = session.safeParse(payload);
    return result.success && !ended.has(result.data.jti) ? { ...result.data, payload } : null;
  }

  return {
    ofPerson: (person) => seal({ person }),
    async ofKey(text) {
      const key = keys.check(text);
      return key?.scopes.includes('admin') ? seal({ keyId: key.id }) : null;
    },
    async read(cookie) {
      const result = content.safeParse((await opened(cookie))?.payload);
      if (!result.success) return null;
      if ('person' in result.data) {
        const { person } = result.data;
        return { name: person.name ?? 'Host', scopes: person.isAdmin ? ['admin'] : [], person };
      }
      // It may have been removed since.
      const key = keys.find(result.data.keyId);
      return key && { name: key.name, scopes: key.scopes, person: null };
    },
    async end(cookie) {
      const found = await opened(cookie);
      if (found) ended.add(found.jti, found.exp * 1_000);
    },
    byKey(text) {
      const key = keys.check(text);
      return key && { name: key.name, scopes: key.scopes, person: null };
    },
  };
}

/** Whether somebody with these scopes may do what takes that one. */
export function mayUse(granted: readonly Scope[], scope: Scope): boolean {
  return granted.includes('admin') || granted.includes(scope);
}
