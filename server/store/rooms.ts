/** Rooms that last: they have a number and settings, whether anybody is in them or not. */
import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RoomName } from '../conference/model.ts';

export const roomSettings = z.strictObject({
  /** Whether what was written stays when the last has left. */
  keepChat: z.boolean().default(false),
});
export type RoomSettings = z.output<typeof roomSettings>;

/** Digits of a room number. More: harder to guess. Fewer: sooner keyed in. */
const NUMBER_DIGITS = 8;
/** Numbers that are drawn before it is given up; with a million rooms one in a hundred is taken. */
const DRAWS = 20;

export interface LastingRoom {
  name: RoomName;
  /** Digits only, the first is not 0. */
  number: string;
  settings: RoomSettings;
  /** Ms since the epoch. */
  createdAt: number;
}

const row = z
  .object({
    name: z.string(),
    number: z.string(),
    settings: z.string().transform((text) => roomSettings.parse(JSON.parse(text))),
    created_at: z.int(),
  })
  .transform(({ created_at: createdAt, ...rest }): LastingRoom => ({ createdAt, ...rest }));

export interface RoomRepository {
  /** Makes a room with a number of its own. @throws Error when the name is taken */
  create(name: RoomName, settings: z.input<typeof roomSettings>, createdAt: number): LastingRoom;
  find(name: RoomName): LastingRoom | null;
  findByNumber(number: string): LastingRoom | null;
  /** By name. */
  all(): LastingRoom[];
  /** @returns false when there is no such room */
  setSettings(name: RoomName, settings: z.input<typeof roomSettings>): boolean;
  /** @returns false when there is no such room */
  remove(name: RoomName): boolean;
}

export function createRoomRepository(database: DatabaseSync): RoomRepository {
  const insert = database.prepare(
    'INSERT INTO room (name, number, settings, created_at) VALUES (?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT * FROM room WHERE name = ?');
  const selectNumber = database.prepare('SELECT * FROM room WHERE number = ?');
  const selectAll = database.prepare('SELECT * FROM room ORDER BY name');
  const update = database.prepare('UPDATE room SET settings = ? WHERE name = ?');
  const remove = database.prepare('DELETE FROM room WHERE name = ?');

  const one = (found: unknown): LastingRoom | null => (found === undefined ? null : row.parse(found));

  function freeNumber(): string {
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const number = String(randomInt(10 ** (NUMBER_DIGITS - 1), 10 ** NUMBER_DIGITS));
      if (selectNumber.get(number) === undefined) return number;
    }
    throw new Error('No room number is free.');
  }

  return {
    create(name, settings, createdAt) {
      const room = { name, number: freeNumber(), settings: roomSettings.parse(settings), createdAt };
      insert.run(name, room.number, JSON.stringify(room.settings), createdAt);
      return room;
    },
    find: (name) => one(select.get(name)),
    findByNumber: (number) => one(selectNumber.get(number)),
    all: () => z.array(row).parse(selectAll.all()),
    setSettings: (name, settings) =>
      update.run(JSON.stringify(roomSettings.parse(settings)), name).changes > 0,
    remove: (name) => remove.run(name).changes > 0,
  };
}
