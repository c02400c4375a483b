/** Webhooks that are still to be delivered. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { DeliveryQueue } from '../webhooks/queue.ts';

const row = z.object({
  sequence: z.int(),
  id: z.string(),
  url: z.string(),
  room: z.string(),
  body: z.string(),
  attempts: z.int(),
});

/** The first of each line. */
const FIRST = 'SELECT min(sequence) FROM webhook_delivery GROUP BY url, room';

export function createDeliveryQueue(database: DatabaseSync): DeliveryQueue {
  const insert = database.prepare(
    'INSERT INTO webhook_delivery (id, url, room, body, attempts, next_at) VALUES (?, ?, ?, ?, 0, 0)',
  );
  const selectDue = database.prepare(
    `SELECT sequence, id, url, room, body, attempts FROM webhook_delivery
     WHERE sequence IN (${FIRST}) AND next_at <= ? ORDER BY sequence LIMIT ?`,
  );
  const selectNext = database.prepare(
    `SELECT min(next_at) AS at FROM webhook_delivery WHERE sequence IN (${FIRST}) AND next_at > ?`,
  );
  const update = database.prepare('UPDATE webhook_delivery SET attempts = ?, next_at = ? WHERE sequence = ?');
  const remove = database.prepare('DELETE FROM webhook_delivery WHERE sequence = ?');
  const removeOthers = database.prepare(
    'DELETE FROM webhook_delivery WHERE url NOT IN (SELECT value FROM json_each(?))',
  );
  const selectCount = database.prepare('SELECT count(*) AS count FROM webhook_delivery');
  return {
    add(deliveries) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { id, url, room, body } of deliveries) insert.run(id, url, room, body);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    due: (now, limit) => z.array(row).parse(selectDue.all(now, limit)),
    nextAfter: (now) => z.object({ at: z.number().nullable() }).parse(selectNext.get(now)).at,
    postpone: (sequence, attempts, at) => void update.run(attempts, Math.ceil(at), sequence),
    remove: (sequence) => void remove.run(sequence),
    keepOnly: (urls) => void removeOthers.run(JSON.stringify(urls)),
    count: () => z.object({ count: z.int() }).parse(selectCount.get()).count,
  };
}
