/** What the API works with, where a test is not about rooms: all is real but media, of which there is none. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import pino from 'pino';
import { createAccess } from '../../server/access/access.ts';
import type { AccessOptions } from '../../server/access/access.ts';
import { Conference } from '../../server/conference/conference.ts';
import { systemClock as clock } from '../../server/clock.ts';
import { Dialling } from '../../server/conference/dialling.ts';
import { ConferenceError } from '../../server/conference/errors.ts';
import type { ApiParts } from '../../server/http/api/parts.ts';
import { allOf } from '../../server/observers.ts';
import { createRoomLog } from '../../server/room-log.ts';
import { secrets } from '../../server/secrets.ts';
import { openStore } from '../../server/store/store.ts';
import type { LastingStore } from '../../server/store/store.ts';

/** An open server. */
const ACCESS: AccessOptions = {
  ...{ makeRooms: 'anyone', enterRooms: 'anyone' },
  ...{ tokenSecret: null, tokenPublicKey: null, tokenJwksUrl: null, tokenIssuer: null, tokenAudience: null },
  ...{
    oidcIssuer: null,
    oidcClientId: null,
    oidcClientSecret: null,
    oidcHostClaim: null,
    oidcAdminClaim: null,
  },
  ...{ allowHttpIssuers: false, publicUrl: null },
};

export class ApiWithoutRooms {
  readonly parts: ApiParts;
  readonly #dir: string;
  readonly #store: LastingStore;

  private constructor(dir: string, store: LastingStore, options: Partial<AccessOptions>) {
    this.#dir = dir;
    this.#store = store;
    const logger = pino({ level: 'silent' });
    const access = createAccess(
      { ...ACCESS, ...options },
      {
        ...{ keyStore: store.apiKeys, endedSessions: store.endedSessions },
        ...{ ownSecret: store.ownSecret('signing'), clock, logger },
      },
    );
    const noMedia = () => Promise.reject(new ConferenceError('media-unavailable', 'There is no media here.'));
    this.parts = {
      ...access,
      conference: new Conference({
        media: { openRoom: noMedia },
        store,
        clock,
        secrets,
        observer: allOf([]),
        newId: () => nanoid(),
        dialling: new Dialling({
          perRoom: 1,
          dialler: { isReady: () => false, dial: () => false, cancel: () => {} },
          newId: () => nanoid(),
        }),
        dialIn: [],
        isElsewhere: () => false,
        failed: () => {},
        limits: {
          ...{ rooms: 10, participantsPerRoom: 10, publicationsPerParticipant: 4, chatTail: 10 },
          ...{ waitingPerRoom: 10, placeKeptMs: 1_000, opensBeforeMs: 1_000 },
        },
      }),
      lastingRooms: () => store.rooms.lasting(),
      attendance: (room, from) => store.attendance.since(room, from),
      webhooks: { configured: [], added: [], add: () => 'too-many', remove: () => false },
      bridges: () => [],
      callRecords: (filter) => store.callRecords.find(filter),
      costs: async () => ({ workers: [], rooms: [] }),
      settings: [],
      roomLog: createRoomLog(),
      clock,
      publicUrl: options.publicUrl ?? null,
      dialIn: [],
      requestsPerMinute: 10_000,
    };
  }

  static async open(options: Partial<AccessOptions> = {}): Promise<ApiWithoutRooms> {
    const dir = await mkdtemp(join(tmpdir(), 'tertulia-api-'));
    return new ApiWithoutRooms(dir, openStore(dir, clock.now()), options);
  }

  async close(): Promise<void> {
    this.#store.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
