/** Keys of the API, as hashes. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { scopes } from '../access/api-keys.ts';
import type { ApiKey, ApiKeyStore } from '../access/api-keys.ts';

const row = z
  .object({
    id: z.string(),
    name: z.string(),
    hash: z.string(),
    scopes: z.string().transform((text) => z.array(z.enum(scopes)).parse(JSON.parse(text))),
    created_at: z.int(),
    last_used_at: z.int().nullable(),
  })
  .transform(({ hash, created_at: createdAt, last_used_at: lastUsedAt, ...rest }) => {
    const key: ApiKey = { ...rest, createdAt, lastUsedAt };
    return { key, hash };
  });

export function createApiKeyStore(database: DatabaseSync): ApiKeyStore {
  const insert = database.prepare(
    'INSERT INTO api_key (id, name, hash, scopes, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT * FROM api_key WHERE id = ?');
  const selectAll = database.prepare('SELECT * FROM api_key ORDER BY created_at, id');
  const update = database.prepare('UPDATE api_key SET last_used_at = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM api_key WHERE id = ?');
  return {
    add: ({ id, name, scopes: granted, createdAt }, hash) =>
      void insert.run(id, name, hash, JSON.stringify(granted), createdAt),
    find(id) {
      const found = select.get(id);
      return found === undefined ? null : row.parse(found);
    },
    all: () =>
      z
        .array(row)
        .parse(selectAll.all())
        .map(({ key }) => key),
    used: (id, at) => void update.run(at, id),
    remove: (id) => remove.run(id).changes > 0,
  };
}
