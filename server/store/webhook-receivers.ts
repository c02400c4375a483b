/** Receivers of webhooks that were added while the server ran. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { webhookEvents } from '../webhook-events.ts';
import type { AddedReceiver, ReceiverStore } from '../webhooks/receivers.ts';

const row = z
  .object({
    id: z.string(),
    url: z.string(),
    secret: z.string(),
    events: z.string().transform((text) => z.array(z.enum(webhookEvents)).parse(JSON.parse(text))),
    created_at: z.int(),
  })
  .transform(({ created_at: createdAt, ...rest }): AddedReceiver => ({ ...rest, createdAt }));

export function createReceiverStore(database: DatabaseSync): ReceiverStore {
  const insert = database.prepare(
    'INSERT INTO webhook_receiver (id, url, secret, events, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const selectAll = database.prepare('SELECT * FROM webhook_receiver ORDER BY created_at, id');
  const remove = database.prepare('DELETE FROM webhook_receiver WHERE id = ?');
  return {
    add: ({ id, url, secret, events, createdAt }) =>
      void insert.run(id, url, secret, JSON.stringify(events), createdAt),
    all: () => z.array(row).parse(selectAll.all()),
    remove: (id) => remove.run(id).changes > 0,
  };
}
