/** What was written in rooms. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ChatAudience, ChatMessage, RoomName } from '../conference/model.ts';
import type { ChatReader, ChatStore } from '../conference/ports.ts';

const reactions = z.array(z.object({ reaction: z.string(), participantIds: z.array(z.string()) }));

const row = z
  .object({
    id: z.string(),
    participant_id: z.string(),
    name: z.string(),
    text: z.string(),
    at: z.int(),
    audience: z.string(),
    reply_to: z.string().nullable(),
    reactions: z.string(),
  })
  .transform((found): ChatMessage => ({
    id: found.id,
    participantId: found.participant_id,
    name: found.name,
    text: found.text,
    at: found.at,
    to: audienceOf(found.audience),
    replyTo: found.reply_to,
    reactions: reactions.parse(JSON.parse(found.reactions)),
  }));

export interface ChatRepository extends ChatStore {
  forget(room: RoomName): void;
  /** Forgets rooms that nobody may come back to and where nothing was written since, in ms since the epoch. */
  prune(since: number): void;
}

/** The same rule as the conference has for what it tells at once. */
const MAY_SEE = `at >= :since AND (audience = 'everyone' OR participant_id = :participantId
  OR audience = :participantId OR (audience = 'hosts' AND :seesAsHost))`;

export function createChatRepository(database: DatabaseSync): ChatRepository {
  const insert = database.prepare(
    `INSERT INTO chat_message (room, id, participant_id, name, text, at, audience, reply_to, reactions)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const react = database.prepare('UPDATE chat_message SET reactions = ? WHERE id = ?');
  const selectOne = database.prepare(
    `SELECT * FROM chat_message WHERE room = :room AND id = :id AND ${MAY_SEE}`,
  );
  const select = database.prepare(
    `SELECT * FROM chat_message WHERE room = :room AND ${MAY_SEE} ORDER BY sequence DESC LIMIT :limit`,
  );
  const remove = database.prepare('DELETE FROM chat_message WHERE room = ?');
  const removeIdle = database.prepare(
    `DELETE FROM chat_message WHERE room IN
       (SELECT room FROM chat_message GROUP BY room HAVING max(at) < ?
        EXCEPT SELECT name FROM room WHERE lasting = 0 OR json_extract(settings, '$.keepChat'))`,
  );
  return {
    add: (room, { id, participantId, name, text, at, to, replyTo, reactions: given }) =>
      void insert.run(
        ...[room, id, participantId, name, text, at],
        ...[typeof to === 'string' ? to : to.participantId, replyTo, JSON.stringify(given)],
      ),
    setReactions: (messageId, given) => void react.run(JSON.stringify(given), messageId),
    find(room, id, reader) {
      const found = selectOne.get({ room, id, ...asValues(reader) });
      return found === undefined ? null : row.parse(found);
    },
    last: (room, reader, limit) =>
      z
        .array(row)
        .parse(select.all({ room, limit, ...asValues(reader) }))
        .reverse(),
    forget: (room) => void remove.run(room),
    prune: (since) => void removeIdle.run(since),
  };
}

function asValues({ participantId, seesAsHost, since }: ChatReader) {
  return { participantId, seesAsHost: seesAsHost ? 1 : 0, since };
}

function audienceOf(text: string): ChatAudience {
  return text === 'everyone' || text === 'hosts' ? text : { participantId: text };
}
