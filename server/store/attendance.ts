/** Who was in which room, and when. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Attendance } from '../conference/model.ts';
import type { AttendanceStore } from '../conference/ports.ts';
import { roles } from '../conference/roles.ts';

const row = z
  .object({
    participant_id: z.string(),
    name: z.string(),
    kind: z.enum(['browser', 'phone']),
    role: z.enum(roles),
    joined_at: z.int(),
    left_at: z.int().nullable(),
    hands: z.int(),
  })
  .transform(
    ({ participant_id: participantId, joined_at: joinedAt, left_at: leftAt, ...rest }): Attendance => ({
      participantId,
      joinedAt,
      leftAt,
      ...rest,
    }),
  );

export interface AttendanceRepository extends AttendanceStore {
  /** Closes what a server that was killed has left open, and forgets stays that ended before `since`. In ms since the epoch. */
  prune(now: number, since: number): void;
}

export function createAttendanceRepository(database: DatabaseSync): AttendanceRepository {
  const insert = database.prepare(
    `INSERT INTO attendance (room, participant_id, name, kind, role, joined_at, left_at, hands)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    'UPDATE attendance SET name = ?, role = ?, left_at = ?, hands = ? WHERE participant_id = ?',
  );
  const select = database.prepare(
    'SELECT * FROM attendance WHERE room = ? AND joined_at >= ? ORDER BY sequence',
  );
  const closeOpen = database.prepare('UPDATE attendance SET left_at = ? WHERE left_at IS NULL');
  const removeOld = database.prepare('DELETE FROM attendance WHERE left_at < ?');
  return {
    add: (room, { participantId, name, kind, role, joinedAt, leftAt, hands }) =>
      void insert.run(room, participantId, name, kind, role, joinedAt, leftAt, hands),
    save: ({ participantId, name, role, leftAt, hands }) =>
      void update.run(name, role, leftAt, hands, participantId),
    since: (room, from) => z.array(row).parse(select.all(room, from)),
    prune(now, since) {
      closeOpen.run(now);
      removeOld.run(since);
    },
  };
}
