/** The database file: opened safely, and brought to the newest schema. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** How long a lock of another process, such as a backup, is waited for, in ms. */
const BUSY_TIMEOUT_MS = 5_000;

/** @throws Error when the folder cannot be used, or the file was written by a newer Tertulia */
export function openDatabase(dataDir: string): DatabaseSync {
  // What people write is nobody else's to read.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'tertulia.db');
  const previous = process.umask(0o077);
  try {
    const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // Readers and the writer do not wait for each other; what is acknowledged is on the disk.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    migrate(database, file);
    return database;
  } finally {
    process.umask(previous);
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new Error(
      `${file} was written by a newer Tertulia: it has version ${version}, known is ${migrations.length}.`,
    );
  }
  migrations.slice(version).forEach((migration, index) => {
    database.exec(`BEGIN IMMEDIATE; ${migration}; PRAGMA user_version = ${version + index + 1}; COMMIT;`);
  });
}
