/** Keys that this server made for itself, kept so that what it has signed holds over a restart. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const SECRET_BYTES = 32;

const row = z.object({ value: z.instanceof(Uint8Array) });

/** @returns the secret of that name, which is made when there is none yet */
export function ownSecret(database: DatabaseSync, name: string): Uint8Array {
  // Of two servers that start at once, one makes it and both read it.
  database
    .prepare('INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)')
    .run(name, randomBytes(SECRET_BYTES));
  return row.parse(database.prepare('SELECT value FROM secret WHERE name = ?').get(name)).value;
}
