/** Who follows when the last host has left a room. */
import type { Participant } from './participant.ts';

/** Co-hosts first, then who has been there longest; null when nobody could run the room. */
export function successor(participants: readonly Participant[]): Participant | null {
  const able = participants.filter(({ info, role }) => info.kind === 'browser' && role !== 'viewer');
  // In the order of coming; one whose connection has dropped only when there is no other.
  const ranked = able.toSorted((a, b) => rank(b) - rank(a));
  return ranked[0] ?? null;
}

function rank({ info, role }: Participant): number {
  return (info.connected ? 2 : 0) + (role === 'cohost' ? 1 : 0);
}
