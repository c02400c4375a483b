/** The rooms that somebody used lately, newest first. */
import { isRecord, readStored, store } from './storage.ts';

export interface RecentRoom {
  readonly name: string;
  /** When it was last entered, in ms since the epoch. */
  readonly at: number;
}

const KEY = 'tertulia.rooms';
const MAX_ROOMS = 6;

export function parseRecentRooms(stored: unknown): RecentRoom[] {
  if (!Array.isArray(stored)) return [];
  return stored
    .filter(
      (room): room is RecentRoom =>
        isRecord(room) && typeof room['name'] === 'string' && typeof room['at'] === 'number',
    )
    .map(({ name, at }) => ({ name, at }))
    .slice(0, MAX_ROOMS);
}

/** The list after a visit to a room. Names that differ only in case are the same room. */
export function withRoom(rooms: readonly RecentRoom[], name: string, now: number): RecentRoom[] {
  return [{ name, at: now }, ...withoutRoom(rooms, name)].slice(0, MAX_ROOMS);
}

export function withoutRoom(rooms: readonly RecentRoom[], name: string): RecentRoom[] {
  return rooms.filter((room) => room.name.toLowerCase() !== name.toLowerCase());
}

export function recentRooms(): RecentRoom[] {
  return parseRecentRooms(readStored(KEY));
}

export function rememberRoom(name: string, now: number): void {
  store(KEY, withRoom(recentRooms(), name, now));
}

/** @returns the rooms that are left */
export function forgetRoom(name: string): RecentRoom[] {
  const rooms = withoutRoom(recentRooms(), name);
  store(KEY, rooms);
  return rooms;
}
