/** Webhooks that are still to be delivered. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { DeliveryQueue } from '../webhooks/queue.ts';

const row = z.object({
  sequence: z.int(),
  id: z.string(),
  receiver: z.string(),
  about: z.string(),
  body: z.string(),
  attempts: z.int(),
});

/** The first of each line. */
const FIRST = 'SELECT min(sequence) FROM webhook_delivery GROUP BY receiver, about';

export function createDeliveryQueue(database: DatabaseSync): DeliveryQueue {
  const insert = database.prepare(
    'INSERT INTO webhook_delivery (id, receiver, about, body, attempts, next_at) VALUES (?, ?, ?, ?, 0, 0)',
  );
  const selectDue = database.prepare(
    `SELECT sequence, id, receiver, about, body, attempts FROM webhook_delivery
     WHERE sequence IN (${FIRST}) AND next_at <= ? ORDER BY sequence LIMIT ?`,
  );
  const selectNext = database.prepare(
    `SELECT min(next_at) AS at FROM webhook_delivery WHERE sequence IN (${FIRST}) AND next_at > ?`,
  );
  const update = database.prepare('UPDATE webhook_delivery SET attempts = ?, next_at = ? WHERE sequence = ?');
  const remove = database.prepare('DELETE FROM webhook_delivery WHERE sequence = ?');
  const removeOthers = database.prepare(
    'DELETE FROM webhook_delivery WHERE receiver NOT IN (SELECT value FROM json_each(?))',
  );
  const selectCount = database.prepare('SELECT count(*) AS count FROM webhook_delivery');
  return {
    add(deliveries) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { id, receiver, about, body } of deliveries) insert.run(id, receiver, about, body);
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
    keepOnly: (receivers) => void removeOthers.run(JSON.stringify(receivers)),
    count: () => z.object({ count: z.int() }).parse(selectCount.get()).count,
  };
}
