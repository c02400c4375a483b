/** Who is signed in in this browser, where the server lets people sign in at all. */
import { serverUrl } from '../links.ts';
import { isRecord } from '../preferences/storage.ts';

export interface Account {
  /** Null when nobody is signed in. */
  readonly person: { readonly name: string | null } | null;
  /** Whether there is a provider to sign in at. */
  readonly canSignIn: boolean;
  /** Says to the room who this is, for a few minutes. Secret. */
  readonly token: string | null;
}

/** Nobody is signed in, and nobody can. */
export const NO_ACCOUNT: Account = { person: null, canSignIn: false, token: null };

/** Takes what fits from an answer of the server. */
export function parseAccount(answer: unknown): Account {
  if (!isRecord(answer)) return NO_ACCOUNT;
  const { person, canSignIn, token } = answer;
  return {
    person: isRecord(person) ? { name: typeof person['name'] === 'string' ? person['name'] : null } : null,
    canSignIn: canSignIn === true,
    token: typeof token === 'string' ? token : null,
  };
}

/** A server that does not say it has nobody: those who need a sign-in are told so when they join. */
export async function fetchAccount(room: string): Promise<Account> {
  try {
    const response = await fetch(new URL(`api/me?room=${encodeURIComponent(room)}`, serverUrl()));
    return response.ok ? parseAccount(await response.json()) : NO_ACCOUNT;
  } catch {
    return NO_ACCOUNT;
  }
}

/** Where to sign in so that one comes back to a room. */
export function signInUrl(room: string): string {
  return new URL(`api/sign-in?to=${encodeURIComponent(`r/${room}`)}`, serverUrl()).href;
}

export async function signOut(): Promise<void> {
  await fetch(new URL('api/session', serverUrl()), { method: 'DELETE' });
}
