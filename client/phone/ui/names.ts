/** How people at the other end are called on the page. */
import type { Peer } from '../agent/call-state.ts';
import { readable } from '../agent/target.ts';

/** Their own name, else their number. @param domain the account's */
export function nameOf({ name, address }: Peer, domain: string): string {
  return name ?? readable(address, domain);
}

/** Minutes and seconds, with hours from the first on. @param ms not negative */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(seconds / 3_600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':');
}
