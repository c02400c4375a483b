/** What was written in rooms. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ChatMessage, RoomName } from '../conference/model.ts';

const row = z
  .object({ id: z.string(), participant_id: z.string(), name: z.string(), text: z.string(), at: z.int() })
  .transform(({ participant_id: participantId, ...rest }): ChatMessage => ({ participantId, ...rest }));

export interface ChatRepository {
  add(room: RoomName, message: ChatMessage): void;
  /** The last `limit` messages, oldest first. */
  last(room: RoomName, limit: number): ChatMessage[];
  forget(room: RoomName): void;
  /** Forgets all that was written before, in ms since the epoch, in rooms that do not keep it. @returns how many */
  prune(before: number): number;
}

export function createChatRepository(database: DatabaseSync): ChatRepository {
  const insert = database.prepare(
    'INSERT INTO chat_message (room, id, participant_id, name, text, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT * FROM chat_message WHERE room = ? ORDER BY sequence DESC LIMIT ?');
  const remove = database.prepare('DELETE FROM chat_message WHERE room = ?');
  const removeOld = database.prepare(
    `DELETE FROM chat_message WHERE at < ? AND room NOT IN
       (SELECT name FROM room WHERE json_extract(settings, '$.keepChat'))`,
  );
  return {
    add: (room, { id, participantId, name, text, at }) =>
      void insert.run(room, id, participantId, name, text, at),
    last: (room, limit) => z.array(row).parse(select.all(room, limit)).reverse(),
    forget: (room) => void remove.run(room),
    prune: (before) => Number(removeOld.run(before).changes),
  };
}
