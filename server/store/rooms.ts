/** What is known of rooms: of lasting ones always, of others for as long as they live. */
import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RoomName } from '../conference/model.ts';
import type { RoomRecord, RoomStore } from '../conference/ports.ts';
import { changedSettings, chatReaches, presets, roomKinds, successions } from '../conference/settings.ts';

/** Digits of a room number. More: harder to guess. Fewer: sooner keyed in. */
const NUMBER_DIGITS = 8;
/** Numbers that are drawn before it is given up; with a million rooms one in a hundred is taken. */
const DRAWS = 20;

/** As they were written, by this Tertulia or an older one that had fewer of them; others come from the preset. */
const settings = z
  .object({
    kind: z.enum(roomKinds),
    lobby: z.boolean(),
    locked: z.boolean(),
    hostRequired: z.boolean(),
    maxParticipants: z.int().nullable(),
    defaultRole: z.enum(['participant', 'viewer']),
    allowed: z.array(z.enum(['microphone', 'camera', 'screen', 'screenAudio'])),
    quietEntry: z.boolean(),
    camerasForHostsOnly: z.boolean(),
    chat: z.enum(chatReaches),
    directChat: z.boolean(),
    chatHistory: z.boolean(),
    keepChat: z.boolean(),
    succession: z.enum(successions),
  })
  .partial()
  .transform((stored) => changedSettings(presets.meeting, stored));

const ban = z.object({
  subject: z.string().nullable(),
  deviceId: z.string().nullable(),
  address: z.string(),
});

const json = z.string().transform((text): unknown => JSON.parse(text));

const row = z
  .object({
    name: z.string(),
    number: z.string(),
    pin: z.string().nullable(),
    settings: json.pipe(settings),
    password_hash: z.string().nullable(),
    host_key_hashes: json.pipe(z.array(z.string())),
    bans: json.pipe(z.array(ban)),
    lasting: z.int(),
    starts_at: z.int().nullable(),
    created_at: z.int(),
    opened_at: z.int().nullable(),
  })
  .transform((found): RoomRecord => ({
    name: found.name,
    number: found.number,
    pin: found.pin,
    settings: found.settings,
    passwordHash: found.password_hash,
    hostKeyHashes: found.host_key_hashes,
    bans: found.bans,
    lasting: found.lasting === 1,
    startsAt: found.starts_at,
    createdAt: found.created_at,
    openedAt: found.opened_at,
  }));

export interface RoomRepository extends RoomStore {
  /** What only belongs to one opening of a lasting room is gone; all of another one. */
  ended(name: string): void;
  /**
   * Rooms that were open when the server stopped, and are not open now, are left behind from `now` on; those that have
   * been since `since` or longer are ended. Both in ms since the epoch.
   */
  prune(now: number, since: number, openNow: readonly RoomName[]): void;
}

export function createRoomRepository(database: DatabaseSync): RoomRepository {
  const columns = `pin = :pin, settings = :settings, password_hash = :passwordHash,
    host_key_hashes = :hostKeyHashes, bans = :bans, lasting = :lasting, starts_at = :startsAt,
    created_at = :createdAt, opened_at = :openedAt`;
  const insert = database.prepare(
    `INSERT INTO room (name, number, pin, settings, password_hash, host_key_hashes, bans, lasting, starts_at,
       created_at, opened_at)
     VALUES (:name, :number, :pin, :settings, :passwordHash, :hostKeyHashes, :bans, :lasting, :startsAt,
       :createdAt, :openedAt)`,
  );
  // Whoever writes is there: the room is left behind no more.
  const update = database.prepare(
    `UPDATE room SET number = :number, ${columns}, left_behind_at = NULL WHERE name = :name`,
  );
  const select = database.prepare('SELECT * FROM room WHERE name = ?');
  const selectNumber = database.prepare('SELECT * FROM room WHERE number = ?');
  const selectLasting = database.prepare('SELECT * FROM room WHERE lasting = 1 ORDER BY name');
  const remove = database.prepare('DELETE FROM room WHERE name = ?');
  const removePassing = database.prepare('DELETE FROM room WHERE name = ? AND lasting = 0');
  const close = database.prepare(
    "UPDATE room SET opened_at = NULL, left_behind_at = NULL, bans = '[]' WHERE name = ?",
  );
  const leaveBehind = database.prepare(
    `UPDATE room SET left_behind_at = coalesce(left_behind_at, ?)
     WHERE (lasting = 0 OR opened_at IS NOT NULL) AND name NOT IN (SELECT value FROM json_each(?))`,
  );
  const selectOld = database.prepare('SELECT name FROM room WHERE left_behind_at <= ?');

  const one = (found: unknown): RoomRecord | null => (found === undefined ? null : row.parse(found));

  function freeNumber(): string {
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const number = String(randomInt(10 ** (NUMBER_DIGITS - 1), 10 ** NUMBER_DIGITS));
      if (selectNumber.get(number) === undefined) return number;
    }
    throw new Error('No room number is free.');
  }

  function ended(name: string): void {
    removePassing.run(name);
    close.run(name);
  }

  return {
    create(room) {
      const record = { ...room, number: freeNumber() };
      insert.run(values(record));
      return record;
    },
    find: (name) => one(select.get(name)),
    findByNumber: (number) => one(selectNumber.get(number)),
    lasting: () => z.array(row).parse(selectLasting.all()),
    save: (record) => void update.run(values(record)),
    remove: (name) => remove.run(name).changes > 0,
    ended,
    prune(now, since, openNow) {
      leaveBehind.run(now, JSON.stringify(openNow));
      for (const { name } of z.array(z.object({ name: z.string() })).parse(selectOld.all(since))) ended(name);
    },
  };
}

function values(record: RoomRecord) {
  return {
    ...record,
    settings: JSON.stringify(record.settings),
    hostKeyHashes: JSON.stringify(record.hostKeyHashes),
    bans: JSON.stringify(record.bans),
    lasting: record.lasting ? 1 : 0,
  };
}
