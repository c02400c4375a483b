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

export interface CallRecordFilter {
  /** Of one room, or of all. */
  room: string | null;
  /** Calls that began then or later, in ms since the epoch. */
  from: number;
  /** The newest so many. */
  limit: number;
}

export interface CallRecordRepository {
  /** A call that is told twice is kept once. */
  add(record: CallRecord): void;
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
    `SELECT * FROM call_record WHERE started_at >= :from AND (:room IS NULL OR room = :room)
     ORDER BY started_at DESC LIMIT :limit`,
  );
  const remove = database.prepare('DELETE FROM call_record WHERE ended_at < ?');
  return {
    add: (record) => void insert.run({ ...record }),
    find: (filter) => z.array(row).parse(select.all({ ...filter })),
    prune: (before) => void remove.run(before),
  };
}
