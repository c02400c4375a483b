import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomRecord } from '../../../server/conference/ports.ts';
import { presets } from '../../../server/conference/settings.ts';
import type { RoomSettings } from '../../../server/conference/settings.ts';
import type { CallRecord } from '../../../server/signalling/contract/bridge.ts';
import { StartError } from '../../../server/start-error.ts';
import { migrate } from '../../../server/store/database.ts';
import { migrations } from '../../../server/store/migrations.ts';
import { openStore } from '../../../server/store/store.ts';
import { createDeliveryQueue } from '../../../server/store/webhook-deliveries.ts';

const NOW = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));

function message(id: string, at = NOW) {
  return {
    ...{ id, participantId: 'p', name: 'Ana', text: `Text of ${id}: 'quoted' ✓`, at },
    ...{ to: 'everyone' as const, replyTo: null, reactions: [] },
  };
}

const EVERYTHING = { participantId: null, seesAsHost: true, since: 0 };

function room(
  name: string,
  settings: Partial<RoomSettings> = {},
  lasting = true,
): Omit<RoomRecord, 'number'> {
  return {
    name,
    pin: null,
    settings: { ...presets.meeting, ...settings },
    passwordHash: null,
    hostKeyHashes: [],
    bans: [],
    lasting,
    startsAt: null,
    createdAt: NOW,
    openedAt: null,
  };
}

describe('The store', () => {
  let dir: string;

  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'tertulia-store-')), 'data');
  });
  afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

  it('gives back what was written in a room, the last of it, oldest first', () => {
    const store = openStore(dir, NOW);
    for (const id of ['a', 'b', 'c']) store.chat.add('room', message(id));
    store.chat.add('other', message('d'));
    expect(store.chat.last('room', EVERYTHING, 2)).toEqual([message('b'), message('c')]);
    store.close();
    const again = openStore(dir, NOW);
    expect(again.chat.last('room', EVERYTHING, 10).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    again.close();
  });

  it('forgets the chat of a room that ends, unless the room keeps it', () => {
    const store = openStore(dir, NOW);
    store.rooms.create(room('kept', { keepChat: true }));
    store.rooms.create(room('lasting'));
    for (const name of ['kept', 'lasting', 'passing']) {
      store.chat.add(name, message(name));
      store.roomEnded(name);
    }
    expect(['kept', 'lasting', 'passing'].map((name) => store.chat.last(name, EVERYTHING, 9).length)).toEqual(
      [1, 0, 0],
    );
    store.close();
  });

  it('does not keep for ever what a killed server has left behind', () => {
    const store = openStore(dir, NOW);
    store.rooms.create(room('kept', { keepChat: true }));
    store.chat.add('kept', message('old', NOW - 2 * DAY_MS));
    store.chat.add('passing', message('older', NOW - 2 * DAY_MS));
    store.close();
    const again = openStore(dir, NOW);
    expect(again.chat.last('kept', EVERYTHING, 9).map(({ id }) => id)).toEqual(['old']);
    expect(again.chat.last('passing', EVERYTHING, 9)).toEqual([]);
    again.close();
  });

  it('keeps all that was written in a room that goes on after a crash, however long it has lasted', () => {
    const store = openStore(dir, NOW);
    store.chat.add('long', message('first', NOW - 2 * DAY_MS));
    store.chat.add('long', message('last', NOW - 1_000));
    store.close();
    const again = openStore(dir, NOW);
    expect(again.chat.last('long', EVERYTHING, 9).map(({ id }) => id)).toEqual(['first', 'last']);
    again.close();
  });

  it('ends rooms that nobody came back to for a day after the server had gone', () => {
    const ban = { subject: null, deviceId: 'device', address: '::1' };
    const open = { openedAt: NOW, bans: [ban] };
    const store = openStore(dir, NOW);
    store.rooms.create({ ...room('passing', {}, false), ...open });
    store.rooms.create({ ...room('lasting'), ...open });
    store.rooms.create({ ...room('used', {}, false), ...open });
    store.chat.add('passing', message('old', NOW - 3 * DAY_MS));
    store.close();
    const next = openStore(dir, NOW + 1_000);
    expect(next.rooms.find('passing')).toMatchObject(open);
    expect(next.rooms.find('lasting')).toMatchObject(open);
    // As a room does into which somebody comes.
    const used = next.rooms.find('used')!;
    next.rooms.save(used);
    next.close();
    const later = openStore(dir, NOW + DAY_MS + 2_000);
    expect(later.rooms.find('passing')).toBeNull();
    expect(later.rooms.find('lasting')).toMatchObject({ openedAt: null, bans: [] });
    expect(later.rooms.find('used')).toEqual(used);
    expect(later.chat.last('passing', EVERYTHING, 9)).toEqual([]);
    later.close();
  });

  it('knows about when somebody left whom a killed server has not seen leaving, and forgets it in time', () => {
    const stay = {
      ...{ participantId: 'p', name: 'Ana', kind: 'browser' as const, role: 'cohost' as const },
      ...{ joinedAt: NOW, leftAt: null, hands: 2 },
    };
    const store = openStore(dir, NOW);
    store.attendance.add('room', stay, 'hash');
    store.attendance.seen(NOW + 60_000);
    store.close();
    const next = openStore(dir, NOW + DAY_MS);
    const ended = { ...stay, leftAt: NOW + 60_000 };
    expect(next.attendance.since('room', NOW)).toEqual([ended]);
    expect(next.attendance.since('room', NOW + 1)).toEqual([]);
    expect(next.attendance.takeBack('other', 'hash', NOW)).toBeNull();
    expect(next.attendance.takeBack('room', 'hash', NOW + 1)).toBeNull();
    expect(next.attendance.takeBack('room', 'hash', NOW)).toEqual(ended);
    expect(next.attendance.takeBack('room', 'hash', NOW)).toBeNull();
    next.close();
    const later = openStore(dir, NOW + 3 * DAY_MS, DAY_MS);
    expect(later.attendance.since('room', 0)).toEqual([]);
    later.close();
  });

  it('gives each lasting room a number of its own, and finds it by that', () => {
    const store = openStore(dir, NOW);
    const rooms = Array.from({ length: 50 }, (_, index) => store.rooms.create(room(`room-${index}`)));
    expect(new Set(rooms.map(({ number }) => number)).size).toBe(50);
    expect(rooms.every(({ number }) => /^[1-9]\d{7}$/.test(number))).toBe(true);
    expect(store.rooms.findByNumber(rooms[7]!.number)).toEqual(rooms[7]);
    expect(() => store.rooms.create(room('room-7'))).toThrow(/UNIQUE/);
    store.rooms.save({ ...rooms[7]!, settings: { ...presets.class, keepChat: true } });
    expect(store.rooms.find('room-7')?.settings).toEqual({ ...presets.class, keepChat: true });
    expect(store.rooms.remove('room-7')).toBe(true);
    expect([store.rooms.find('room-7'), store.rooms.remove('room-7')]).toEqual([null, false]);
    expect(store.rooms.lasting()).toHaveLength(49);
    store.close();
  });

  it('lets nobody else read it, and no older server spoil it', async () => {
    openStore(dir, NOW).close();
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir, 'tertulia.db'))).mode & 0o777).toBe(0o600);
    const database = new DatabaseSync(join(dir, 'tertulia.db'));
    database.exec('PRAGMA user_version = 1000');
    database.close();
    expect(() => openStore(dir, NOW)).toThrow(/tertulia\.db .*newer Tertulia/);
  });

  it('says which file is the matter, and leaves it alone', async () => {
    openStore(dir, NOW).close();
    const file = join(dir, 'tertulia.db');
    await writeFile(file, 'Something else.'.repeat(500));
    expect(() => openStore(dir, NOW)).toThrow(StartError);
    expect(() => openStore(dir, NOW)).toThrow(
      /DATA_DIR: .*tertulia\.db can not be used: file is not a database/,
    );
    expect(await readFile(file, 'utf8')).toBe('Something else.'.repeat(500));
    await writeFile(join(dir, '../file'), '');
    expect(() => openStore(join(dir, '../file/data'), NOW)).toThrow(/DATA_DIR: .*ENOTDIR/);
  });

  it('takes the steps to a newer schema once, and all or none of them', () => {
    const database = new DatabaseSync(':memory:');
    const versionOf = () => database.prepare('PRAGMA user_version').get()?.['user_version'];
    const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); INSERT INTO b VALUES (1)'];
    migrate(database, steps.slice(0, 1));
    expect(() => migrate(database, [...steps, 'nonsense'])).toThrow(/syntax error/);
    expect(versionOf()).toBe(1);
    expect(() => database.prepare('SELECT * FROM b')).toThrow(/no such table/);
    migrate(database, steps);
    migrate(database, steps);
    expect(versionOf()).toBe(2);
    expect(database.prepare('SELECT * FROM b').all()).toHaveLength(1);
    database.close();
  });

  it('still has webhooks to deliver that an older server has left', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, migrations.slice(0, 5));
    const [url, room, body] = ['https://example.org/hook', 'seminar', '{}'];
    database
      .prepare(
        'INSERT INTO webhook_delivery (id, url, room, body, attempts, next_at) VALUES (?, ?, ?, ?, 2, 0)',
      )
      .run('event', url, room, body);
    migrate(database, migrations);
    expect(createDeliveryQueue(database).due(NOW, 10)).toEqual([
      { sequence: 1, id: 'event', receiver: url, about: room, body, attempts: 2 },
    ]);
    database.close();
  });

  it('forgets who was there, and who called, while it is in use; those who are still there it keeps', () => {
    const store = openStore(dir, NOW, 10 * DAY_MS);
    const stay = (participantId: string, leftAt: number | null) => ({
      ...{ participantId, name: 'Ana', kind: 'browser' as const, role: 'host' as const },
      ...{ joinedAt: NOW, leftAt, hands: 0 },
    });
    const call = (callId: string, endedAt: number): CallRecord => ({
      ...{
        callId,
        direction: 'inbound',
        trunk: 'office',
        number: '1001',
        name: null,
        called: null,
        room: null,
      },
      ...{ startedAt: NOW, answeredAt: null, endedAt, reason: 'cancelled', fault: 'nobody', sipStatus: 487 },
      ...{ failedPins: 0, leg: null, codec: null, packetsReceived: 0, packetsLost: 0, jitterMs: 0 },
    });
    store.attendance.add('room', stay('gone', NOW + 1), 'hash 1');
    store.attendance.add('room', stay('later', NOW + DAY_MS), 'hash 2');
    store.attendance.add('room', stay('there', null), 'hash 3');
    store.callRecords.add(call('gone', NOW + 1));
    store.callRecords.add(call('later', NOW + DAY_MS));
    store.forgetOld(NOW + 10 * DAY_MS + 2);
    const calls = {
      room: null,
      trunk: null,
      direction: null,
      from: 0,
      until: null,
      olderThan: null,
      limit: 9,
    };
    expect(store.attendance.since('room', 0).map(({ participantId }) => participantId)).toEqual([
      'later',
      'there',
    ]);
    expect(store.attendance.since('room', 0)[1]?.leftAt).toBeNull();
    expect(store.callRecords.find(calls).map(({ callId }) => callId)).toEqual(['later']);
    store.close();
  });

  it('has everything that it acknowledged after its process was killed', async () => {
    for (const round of [1, 2, 3]) {
      const child = spawn(process.execPath, [WRITER, dir, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const acknowledged: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(line);
        if (acknowledged.length === 60) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      const store = openStore(dir, NOW);
      const kept = new Set(store.chat.last('room', EVERYTHING, 1_000).map(({ id }) => id));
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
      store.close();
    }
    const database = new DatabaseSync(join(dir, 'tertulia.db'));
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });
});
