import { readStored, store } from './storage.ts';

const STORED = 'tertulia.device';
const BYTES = 16;

/** What this browser is known by to those who put somebody out for good: random, made at the first need. */
export function deviceId(): string {
  const stored = readStored(STORED);
  if (typeof stored === 'string' && stored.length > 0 && stored.length <= 64) return stored;
  // Not randomUUID: pages without HTTPS have none.
  const made = Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  store(STORED, made);
  return made;
}
