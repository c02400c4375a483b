/** Those who are signed in with a browser: a cookie that this server signs, for people and for users of API keys. */
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
  /** Null when it has expired, was not signed here, or its key is no longer one. */
  read(cookie: string): Promise<Caller | null>;
  /** By `Authorization: Bearer`. */
  byKey(text: string): Caller | null;
}

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

export function createSessions(ownKey: OwnKey, keys: ApiKeys): AccessSessions {
  const seal = (payload: z.output<typeof content>) =>
    ownKey.sign('tertulia-session+jwt', payload, SESSION_LASTS_MS);

  return {
    ofPerson: (person) => seal({ person }),
    async ofKey(text) {
      const key = keys.check(text);
      return key?.scopes.includes('admin') ? seal({ keyId: key.id }) : null;
    },
    async read(cookie) {
      const payload = await ownKey.verify('tertulia-session+jwt', cookie).catch(() => null);
      const result = content.safeParse(payload);
      if (!result.success) return null;
      if ('person' in result.data) {
        const { person } = result.data;
        return { name: person.name ?? 'Host', scopes: person.isAdmin ? ['admin'] : [], person };
      }
      // It may have been removed since.
      const key = keys.find(result.data.keyId);
      return key && { name: key.name, scopes: key.scopes, person: null };
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
