/** What outlives the process, in one SQLite file. This folder alone knows SQL. */
import type { ApiKeyStore } from '../access/api-keys.ts';
import type { EndedSessions } from '../access/sessions.ts';
import type { RoomName } from '../conference/model.ts';
import type { RoomRecord, Store } from '../conference/ports.ts';
import type { DeliveryQueue } from '../webhooks/queue.ts';
import type { ReceiverStore } from '../webhooks/receivers.ts';
import { createApiKeyStore } from './api-keys.ts';
import { createAttendanceRepository } from './attendance.ts';
import type { AttendanceRepository } from './attendance.ts';
import { createChatRepository } from './chat.ts';
import { createCallRecordRepository } from './call-records.ts';
import type { CallRecordRepository } from './call-records.ts';
import { openDatabase } from './database.ts';
import { createEndedSessions } from './ended-sessions.ts';
import { createRoomRepository } from './rooms.ts';
import { ownSecret } from './secrets.ts';
import { createDeliveryQueue } from './webhook-deliveries.ts';
import { createReceiverStore } from './webhook-receivers.ts';

/**
 * A room that a server left behind goes at a start when nobody came back for so long, in ms, and its chat with it.
 * Longer: strangers who reuse a room's name may still find it. Shorter: a room that comes back has lost its host.
 */
const LEFT_BEHIND_MS = 24 * 3_600_000;
/** How long it is known who was in a room, in ms, unless told otherwise. */
const ATTENDANCE_MS = 30 * 24 * 3_600_000;

export interface LastingStore extends Store {
  readonly attendance: AttendanceRepository;
  readonly apiKeys: ApiKeyStore;
  readonly endedSessions: EndedSessions;
  readonly deliveries: DeliveryQueue;
  readonly receivers: ReceiverStore;
  readonly callRecords: CallRecordRepository;
  /**
   * Forgets what is not kept any longer: who was in rooms, who called, which sign-ins were ended. Done at the opening, too.
   * @param now ms since the epoch
   */
  forgetOld(now: number): void;
  /**
   * Settles what a server has left behind that was killed, in all rooms but those that are open somewhere now.
   * @param now ms since the epoch
   */
  settle(now: number, openNow: readonly RoomName[]): void;
  /** 32 bytes that only this server knows, the same at each start. */
  ownSecret(name: string): Uint8Array;
  close(): void;
}

/**
 * The keys of the API alone, beside a server that may be running.
 * @throws StartError when the folder or file cannot be used, or was written by a newer Tertulia
 */
export function openKeyStore(dataDir: string): Pick<LastingStore, 'apiKeys' | 'close'> {
  const database = openDatabase(dataDir);
  return { apiKeys: createApiKeyStore(database), close: () => database.close() };
}

/** As `openStoreBeside`, where no other server runs on this folder: what one has left behind is settled at once. */
export function openStore(dataDir: string, now: number, attendanceMs = ATTENDANCE_MS): LastingStore {
  const store = openStoreBeside(dataDir, now, attendanceMs);
  store.settle(now, []);
  return store;
}

/**
 * Beside a server that may be running on the same folder; see migrations.ts for what that asks of the schema.
 * @param now ms since the epoch
 * @param attendanceMs how long it is known who was in a room, and who called, in ms
 * @throws StartError when the folder or file cannot be used, or was written by a newer Tertulia
 */
export function openStoreBeside(dataDir: string, now: number, attendanceMs: number): LastingStore {
  const database = openDatabase(dataDir);
  const rooms = createRoomRepository(database);
  const chat = createChatRepository(database);
  // Written as people come and go, hundreds within seconds, and promised to nobody.
  const attendanceDatabase = openDatabase(dataDir, 'later');
  const attendance = createAttendanceRepository(attendanceDatabase);
  const callRecords = createCallRecordRepository(database);
  const endedSessions = createEndedSessions(database);
  const forgetOld = (at: number): void => {
    attendance.prune(at - attendanceMs);
    callRecords.prune(at - attendanceMs);
    endedSessions.prune(at);
  };
  forgetOld(now);
  return {
    rooms: {
      ...rooms,
      // Whoever makes a room of that name anew is not to read it.
      remove(name) {
        chat.forget(name);
        return rooms.remove(name);
      },
    },
    chat,
    attendance,
    roomEnded(name) {
      const room = rooms.find(name);
      if (!keepsChat(room)) chat.forget(name);
      rooms.ended(name);
    },
    apiKeys: createApiKeyStore(database),
    endedSessions,
    deliveries: createDeliveryQueue(database),
    receivers: createReceiverStore(database),
    callRecords,
    forgetOld,
    settle(at, openNow) {
      rooms.prune(at, at - LEFT_BEHIND_MS, openNow);
      chat.prune(at - LEFT_BEHIND_MS);
      attendance.endLeftOpen(openNow);
    },
    ownSecret: (name) => ownSecret(database, name),
    close() {
      attendanceDatabase.close();
      database.close();
    },
  };
}

function keepsChat(room: RoomRecord | null): boolean {
  return room !== null && room.lasting && room.settings.keepChat;
}
