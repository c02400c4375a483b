/** What outlives the process, in one SQLite file. This folder alone knows SQL. */
import type { ApiKeyStore } from '../access/api-keys.ts';
import type { Store } from '../conference/ports.ts';
import type { DeliveryQueue } from '../webhooks/queue.ts';
import { createApiKeyStore } from './api-keys.ts';
import { createChatRepository } from './chat.ts';
import { openDatabase } from './database.ts';
import { createRoomRepository } from './rooms.ts';
import type { RoomRepository } from './rooms.ts';
import { ownSecret } from './secrets.ts';
import { createDeliveryQueue } from './webhook-deliveries.ts';

/**
 * Chat of a room that a killed server left behind goes at a start when nothing was written there for so long, in ms.
 * Longer: strangers who reuse a room's name may still read it. Shorter: a room that comes back has lost its chat.
 */
const LEFT_BEHIND_MS = 24 * 3_600_000;

export interface LastingStore extends Store {
  readonly rooms: RoomRepository;
  readonly apiKeys: ApiKeyStore;
  readonly deliveries: DeliveryQueue;
  /** 32 bytes that only this server knows, the same at each start. */
  ownSecret(name: string): Uint8Array;
  close(): void;
}

/**
 * @param now ms since the epoch
 * @throws StartError when the folder or file cannot be used, or was written by a newer Tertulia
 */
export function openStore(dataDir: string, now: number): LastingStore {
  const database = openDatabase(dataDir);
  const chat = createChatRepository(database);
  const rooms = createRoomRepository(database);
  chat.prune(now - LEFT_BEHIND_MS);
  return {
    rooms,
    addChatMessage: (room, message) => chat.add(room, message),
    chatMessages: (room, limit) => chat.last(room, limit),
    roomEnded: (room) => {
      if (!rooms.find(room)?.settings.keepChat) chat.forget(room);
    },
    apiKeys: createApiKeyStore(database),
    deliveries: createDeliveryQueue(database),
    ownSecret: (name) => ownSecret(database, name),
    close: () => database.close(),
  };
}
