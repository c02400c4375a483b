/** What has become of telephone calls. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { CallRecord } from '../signalling/contract/bridge.ts';

const row = z
  .object({
    call_id: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    trunk: z.string(),
    number: z.string().nullable(),
    name: z.string().nullable(),
    called: z.string().nullable(),
    room: z.string().nullable(),
    started_at: z.int(),
    answered_at: z.int().nullable(),
    ended_at: z.int(),
    reason: z.string(),
    fault: z.enum(['nobody', 'caller', 'phone', 'trunk', 'bridge', 'room']),
    sip_status: z.int().nullable(),
    failed_pins: z.int(),
    leg: z.string().nullable(),
    codec: z.string().nullable(),
    packets_received: z.int(),
    packets_lost: z.int(),
    jitter_ms: z.number(),
  })
  .transform((found): CallRecord => {
    const { direction, trunk, number, name, called, room, reason, fault, leg, codec } = found;
    return {
      ...{ callId: found.call_id, direction, trunk, number, name, called, room, reason, fault, leg, codec },
      ...{ startedAt: found.started_at, answeredAt: found.answered_at, endedAt: found.ended_at },
      ...{ sipStatus: found.sip_status, failedPins: found.failed_pins, jitterMs: found.jitter_ms },
      ...{ packetsReceived: found.packets_received, packetsLost: found.packets_lost },
    };
  });

/** Which calls; null leaves it open. */
export interface CallRecordFilter {
  /** The last that the caller was in, or wanted to get into. */
  room: string | null;
  trunk: string | null;
  direction: CallRecord['direction'] | null;
  /** Calls that began then or later, in ms since the epoch. */
  from: number;
  /** Calls that began before then, in ms since the epoch. */
  until: number | null;
  /** Calls that began before this one, by its id: the next page. None when there is no such call. */
  olderThan: string | null;
  /** The newest so many. */
  limit: number;
}

export interface CallRecordRepository {
  /** @returns false for a call that has been told before: it is kept as it was then */
  add(record: CallRecord): boolean;
  /** Newest first. */
  find(filter: CallRecordFilter): CallRecord[];
  /** Forgets calls that ended before, in ms since the epoch. */
  prune(before: number): void;
}

export function createCallRecordRepository(database: DatabaseSync): CallRecordRepository {
  const insert = database.prepare(
    `INSERT INTO call_record (call_id, direction, trunk, number, name, called, room, started_at, answered_at,
       ended_at, reason, fault, sip_status, failed_pins, leg, codec, packets_received, packets_lost, jitter_ms)
     VALUES (:callId, :direction, :trunk, :number, :name, :called, :room, :startedAt, :answeredAt,
       :endedAt, :reason, :fault, :sipStatus, :failedPins, :leg, :codec, :packetsReceived, :packetsLost, :jitterMs)
     ON CONFLICT (call_id) DO NOTHING`,
  );
  const select = database.prepare(
    `SELECT * FROM call_record
     WHERE started_at >= :from AND (:until IS NULL OR started_at < :until)
       AND (:room IS NULL OR room = :room) AND (:trunk IS NULL OR trunk = :trunk)
       AND (:direction IS NULL OR direction = :direction)
       AND (:olderThan IS NULL OR
         (started_at, call_id) < (SELECT started_at, call_id FROM call_record WHERE call_id = :olderThan))
     ORDER BY started_at DESC, call_id DESC LIMIT :limit`,
  );
  const remove = database.prepare('DELETE FROM call_record WHERE ended_at < ?');
  return {
    add: (record) => insert.run({ ...record }).changes > 0,
    find: (filter) => z.array(row).parse(select.all({ ...filter })),
    prune: (before) => void remove.run(before),
  };
}
