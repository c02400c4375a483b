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
  /** Forgets rooms that do not keep their chat and where nothing was written since, in ms since the epoch. */
  prune(since: number): void;
}

export function createChatRepository(database: DatabaseSync): ChatRepository {
  const insert = database.prepare(
    'INSERT INTO chat_message (room, id, participant_id, name, text, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT * FROM chat_message WHERE room = ? ORDER BY sequence DESC LIMIT ?');
  const remove = database.prepare('DELETE FROM chat_message WHERE room = ?');
  const removeIdle = database.prepare(
    `DELETE FROM chat_message WHERE room IN
       (SELECT room FROM chat_message GROUP BY room HAVING max(at) < ?
        EXCEPT SELECT name FROM room WHERE json_extract(settings, '$.keepChat'))`,
  );
  return {
    add: (room, { id, participantId, name, text, at }) =>
      void insert.run(room, id, participantId, name, text, at),
    last: (room, limit) => z.array(row).parse(select.all(room, limit)).reverse(),
    forget: (room) => void remove.run(room),
    prune: (since) => void removeIdle.run(since),
  };
}
