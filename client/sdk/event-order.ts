import type { EventBatch, RoomEvent } from '../../server/signalling/contract.ts';

/**
 * @param lastEvent number of the last event that was applied
 * @returns the events of the batch that are new; null when some before it are missing
 */
export function unseenEvents({ first, events }: EventBatch, lastEvent: number): RoomEvent[] | null {
  const seen = lastEvent + 1 - first;
  return seen < 0 ? null : events.slice(seen);
}
