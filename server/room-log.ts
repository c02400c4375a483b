/** The last lines of the log, room by room, for whoever wants to follow one. */
import { z } from 'zod';
import type { RoomName } from './conference/model.ts';

export interface Follower {
  /** One line of the log, as JSON. */
  line: (line: string) => void;
  /** No more will come. */
  end: () => void;
}

export interface RoomLog {
  /** One line of the log, as JSON, of a room or not. Must not log itself. */
  take(line: string): void;
  /** The lines that are remembered, then each as it comes. @returns what ends it */
  follow(room: RoomName, follower: Follower): () => void;
  /** Ends all followers. */
  close(): void;
}

/** Lines that are remembered of a room. */
const LINES = 200;
/** Rooms of which lines are remembered; the one that has been silent longest is forgotten. */
const ROOMS = 1_000;

const ofRoom = z.object({ room: z.string() });

export function createRoomLog(): RoomLog {
  /** In the order of their last lines. */
  const linesOf = new Map<RoomName, string[]>();
  const followersOf = new Map<RoomName, Set<Follower>>();

  function remember(room: RoomName, line: string): void {
    const lines = linesOf.get(room) ?? [];
    linesOf.delete(room);
    linesOf.set(room, lines);
    lines.push(line);
    if (lines.length > LINES) lines.shift();
    const [oldest] = linesOf.keys();
    if (linesOf.size > ROOMS && oldest !== undefined) linesOf.delete(oldest);
  }

  return {
    take(text) {
      // Most lines that are not of a room need no parsing to know it.
      if (!text.includes('"room":')) return;
      const result = ofRoom.safeParse(JSON.parse(text));
      if (!result.success) return;
      const { room } = result.data;
      const line = text.trimEnd();
      remember(room, line);
      for (const follower of followersOf.get(room) ?? []) follower.line(line);
    },
    follow(room, follower) {
      for (const line of linesOf.get(room) ?? []) follower.line(line);
      const followers = followersOf.get(room) ?? new Set();
      followersOf.set(room, followers);
      followers.add(follower);
      return () => {
        followers.delete(follower);
        if (followers.size === 0 && followersOf.get(room) === followers) followersOf.delete(room);
      };
    },
    close() {
      const all = [...followersOf.values()].flatMap((followers) => [...followers]);
      followersOf.clear();
      for (const follower of all) follower.end();
    },
  };
}
