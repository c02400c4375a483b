/** Sign-ins that were ended before their time, until that time has come. */
import type { DatabaseSync } from 'node:sqlite';
import type { EndedSessions } from '../access/sessions.ts';

export interface EndedSessionRepository extends EndedSessions {
  /** @param now ms since the epoch: what has expired by itself need not be known any more */
  prune(now: number): void;
}

export function createEndedSessions(database: DatabaseSync): EndedSessionRepository {
  const insert = database.prepare('INSERT OR IGNORE INTO ended_session (id, expires_at) VALUES (?, ?)');
  const select = database.prepare('SELECT 1 FROM ended_session WHERE id = ?');
  const remove = database.prepare('DELETE FROM ended_session WHERE expires_at <= ?');
  return {
    add: (id, expiresAt) => void insert.run(id, expiresAt),
    has: (id) => select.get(id) !== undefined,
    prune: (now) => void remove.run(now),
  };
}
