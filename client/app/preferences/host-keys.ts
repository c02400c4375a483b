/** The keys that make this browser host again in rooms where it was host, the newest first. */
import { isRecord, readStored, store } from './storage.ts';

export interface HostKey {
  readonly room: string;
  readonly key: string;
}

const STORED = 'tertulia.hostKeys';
/** More rooms than one person runs; older keys are forgotten. */
const MAX_KEYS = 100;

export function parseHostKeys(stored: unknown): HostKey[] {
  if (!Array.isArray(stored)) return [];
  return stored
    .filter(
      (entry): entry is HostKey =>
        isRecord(entry) && typeof entry['room'] === 'string' && typeof entry['key'] === 'string',
    )
    .map(({ room, key }) => ({ room, key }))
    .slice(0, MAX_KEYS);
}

/** Names that differ only in case or composition are the same room. */
const same = (room: string): string => room.normalize('NFC').toLowerCase();

export function withHostKey(keys: readonly HostKey[], room: string, key: string): HostKey[] {
  return [{ room, key }, ...keys.filter((other) => same(other.room) !== same(room))].slice(0, MAX_KEYS);
}

export function hostKeyOf(room: string): string | null {
  return parseHostKeys(readStored(STORED)).find((entry) => same(entry.room) === same(room))?.key ?? null;
}

export function rememberHostKey(room: string, key: string): void {
  store(STORED, withHostKey(parseHostKeys(readStored(STORED)), room, key));
}
