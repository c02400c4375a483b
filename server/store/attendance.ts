/** Who was in which room, and when. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Attendance, RoomName } from '../conference/model.ts';
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
  /** All who are there were still there at that time, in ms since the epoch: should the server be killed after it. */
  seen(now: number): void;
  /** Ends what a server that was killed has left open, in all rooms but those that are open now. */
  endLeftOpen(openNow: readonly RoomName[]): void;
  /** Forgets stays that ended before, in ms since the epoch. */
  prune(before: number): void;
}

export function createAttendanceRepository(database: DatabaseSync): AttendanceRepository {
  const insert = database.prepare(
    `INSERT INTO attendance (room, participant_id, name, kind, role, joined_at, left_at, hands, pass_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    'UPDATE attendance SET name = ?, role = ?, left_at = ?, hands = ? WHERE participant_id = ?',
  );
  const select = database.prepare(
    'SELECT * FROM attendance WHERE room = ? AND joined_at >= ? ORDER BY sequence',
  );
  const cutOff = database.prepare('UPDATE attendance SET cut_off = 1 WHERE participant_id = ?');
  const cutOffStays = database.prepare(
    'SELECT * FROM attendance WHERE room = ? AND joined_at >= ? AND cut_off = 1 ORDER BY sequence',
  );
  const findCutOff = database.prepare(
    'SELECT * FROM attendance WHERE room = ? AND pass_hash = ? AND joined_at >= ? AND cut_off = 1',
  );
  const takeBack = database.prepare(
    `UPDATE attendance SET cut_off = 0 WHERE room = ? AND pass_hash = ? AND joined_at >= ? AND cut_off = 1
     RETURNING *`,
  );
  const see = database.prepare('UPDATE attendance SET seen_at = ? WHERE left_at IS NULL');
  const closeOpen = database.prepare(
    `UPDATE attendance SET left_at = coalesce(seen_at, joined_at), cut_off = 1
     WHERE left_at IS NULL AND room NOT IN (SELECT value FROM json_each(?))`,
  );
  const removeOld = database.prepare('DELETE FROM attendance WHERE left_at < ?');
  return {
    add: (room, { participantId, name, kind, role, joinedAt, leftAt, hands }, passHash) =>
      void insert.run(room, participantId, name, kind, role, joinedAt, leftAt, hands, passHash),
    save: ({ participantId, name, role, leftAt, hands }) =>
      void update.run(name, role, leftAt, hands, participantId),
    since: (room, from) => z.array(row).parse(select.all(room, from)),
    cutOff: (participantId) => void cutOff.run(participantId),
    cutOffStays: (room, from) => z.array(row).parse(cutOffStays.all(room, from)),
    findCutOff: (room, passHash, from) => row.nullable().parse(findCutOff.get(room, passHash, from) ?? null),
    takeBack: (room, passHash, from) => row.nullable().parse(takeBack.get(room, passHash, from) ?? null),
    seen: (now) => void see.run(now),
    endLeftOpen: (openNow) => void closeOpen.run(JSON.stringify(openNow)),
    prune: (before) => void removeOld.run(before),
  };
}
