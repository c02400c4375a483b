/** What this browser remembers of the account; its password and other secrets only when that was asked for. */
import { isRecord, readStored, store } from '../../app/preferences/storage.ts';
import { emptyDraft, withoutSecrets } from '../agent/account.ts';
import type { AccountDraft, AccountField } from '../agent/account.ts';

export interface RememberedAccount {
  readonly draft: AccountDraft;
  readonly keepsSecrets: boolean;
}

const KEY = 'tertulia.phone.account';
const FIELDS: readonly AccountField[] = ['url', 'user', 'password', 'domain', 'displayName', 'iceServers'];

/** Takes what fits from a stored value; anything else is as in an empty form. */
export function parseRemembered(stored: unknown): RememberedAccount {
  if (!isRecord(stored)) return { draft: emptyDraft, keepsSecrets: false };
  const fields = FIELDS.flatMap((field) => {
    const value = stored[field];
    return typeof value === 'string' ? [[field, value] as const] : [];
  });
  const draft: AccountDraft = { ...emptyDraft, ...Object.fromEntries(fields) };
  return { draft, keepsSecrets: stored['keepsSecrets'] === true };
}

export function rememberedAccount(): RememberedAccount {
  return parseRemembered(readStored(KEY));
}

export function rememberAccount({ draft, keepsSecrets }: RememberedAccount): void {
  store(KEY, { ...(keepsSecrets ? draft : withoutSecrets(draft)), keepsSecrets });
}
