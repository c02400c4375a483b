/** The database file: opened safely, and brought to the newest schema. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';
import { migrations } from './migrations.ts';

/** How long a lock of another process, such as a backup, is waited for, in ms. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * When what is written is on the disk: before the writer goes on, which costs everybody a wait for the disk, or a while
 * later. A process that dies loses nothing either way; a machine that loses its power loses the last of what was to
 * come later, never what is older.
 */
export type Durability = 'at once' | 'later';

const SYNCHRONOUS: Readonly<Record<Durability, string>> = { 'at once': 'FULL', later: 'NORMAL' };

/** @throws StartError when the folder or file cannot be used, or was written by a newer Tertulia */
export function openDatabase(dataDir: string, durability: Durability = 'at once'): DatabaseSync {
  const file = join(dataDir, 'tertulia.db');
  // What people write is nobody else's to read.
  const previous = process.umask(0o077);
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // Readers and the writer do not wait for each other.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${SYNCHRONOUS[durability]}; PRAGMA foreign_keys = ON;`,
    );
    migrate(database, migrations);
    return database;
  } catch (cause) {
    database?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`DATA_DIR: ${file} can not be used: ${reason}`, { cause });
  } finally {
    process.umask(previous);
  }
}

/**
 * Takes all steps that the database has not had yet, or none of them.
 * @throws Error when a step fails, or the database has had more steps than there are
 */
export function migrate(database: DatabaseSync, steps: readonly string[]): void {
  // Read within, as another process may be at it.
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > steps.length) {
      throw new Error(
        `it was written by a newer Tertulia (version ${version}, this one knows ${steps.length})`,
      );
    }
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}; COMMIT;`);
  } catch (error) {
    // Some failures, such as a full disk, have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
