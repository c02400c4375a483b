/** Signalling with real sockets and real media workers, without the rest of the server: for tests of the contract. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import pino from 'pino';
import { systemClock as clock } from '../../server/clock.ts';
import { Conference } from '../../server/conference/conference.ts';
import { Dialling } from '../../server/conference/dialling.ts';
import type { Limits } from '../../server/conference/limits.ts';
import type { LeaveReason } from '../../server/conference/model.ts';
import type { Identity, Store } from '../../server/conference/ports.ts';
import { secrets } from '../../server/secrets.ts';
import type { SfuOptions } from '../../server/sfu/sfu.ts';
import { BridgeGateway } from '../../server/signalling/bridge-gateway.ts';
import { Gateway } from '../../server/signalling/gateway.ts';
import type { GatewayOptions } from '../../server/signalling/gateway.ts';
import { openStore } from '../../server/store/store.ts';
import type { LastingStore } from '../../server/store/store.ts';
import { SignalClient } from './signal-client.ts';
import { TestSfu } from './sfu.ts';

export interface SignalledOptions {
  gateway?: Partial<GatewayOptions>;
  limits?: Partial<Limits>;
  sfu?: Partial<SfuOptions>;
  /** Who comes with which token. */
  identities?: Readonly<Record<string, Partial<Identity>>>;
  /** Puts something between the conference and its store. */
  store?: (store: Store) => Store;
}

const ANYBODY: Identity = { subject: null, name: null, avatar: null, role: null, mayMakeRooms: true };

/** With which bridges come in. */
export const BRIDGE_SECRET = 'a secret between server and bridges';

/** A header by which bridges of tests come from another address. */
export const BRIDGE_ADDRESS = 'x-bridge-address';

export class SignalledServer {
  readonly conference: Conference;
  readonly sfu: TestSfu;
  /** What the observer was told, for example `joined ana`. */
  readonly story: string[] = [];
  readonly logged: string[] = [];
  readonly #http: Server;
  readonly bridges: BridgeGateway;
  readonly #gateway: Gateway;
  readonly #clients = new Set<SignalClient>();
  readonly #dir: string;
  readonly store: LastingStore;

  private constructor(http: Server, sfu: TestSfu, dir: string, options: SignalledOptions) {
    const { gateway, limits, identities = {}, store = (own: Store) => own } = options;
    this.#http = http;
    this.#dir = dir;
    this.store = openStore(dir, Date.now());
    this.sfu = sfu;
    const note = (line: string) => void this.story.push(line);
    const dialling = new Dialling({
      perRoom: 2,
      dialler: {
        isReady: () => this.bridges.isReady(),
        dial: (request) => this.bridges.dial(request),
        cancel: (id) => this.bridges.cancel(id),
      },
      newId: () => nanoid(),
    });
    this.conference = new Conference({
      media: sfu.sfu,
      store: store(this.store),
      clock,
      secrets,
      newId: () => nanoid(),
      dialling,
      dialIn: [],
      isElsewhere: () => false,
      failed: (room, error) => void this.logged.push(`{"level":50} ${room}: ${String(error)}`),
      observer: {
        roomOpened: (room) => note(`opened ${room}`),
        roomEnded: (room) => note(`ended ${room}`),
        participantJoined: (_room, { name }) => note(`joined ${name}`),
        participantLeft: (_room, { name }, reason: LeaveReason) => note(`left ${name}: ${reason}`),
        handRaised: (_room, { name }) => note(`raised ${name}`),
      },
      limits: {
        rooms: 10,
        participantsPerRoom: 50,
        publicationsPerParticipant: 4,
        chatTail: 200,
        waitingPerRoom: 50,
        placeKeptMs: 10_000,
        opensBeforeMs: 900_000,
        ...limits,
      },
    });
    this.#gateway = new Gateway(
      http,
      {
        basePath: '',
        maxMessageBytes: 262_144,
        allowedOrigins: [],
        resumeMs: 2_000,
        iceServers: [],
        rates: { messagesPerSecond: 1_000, messageBurst: 1_000, joinsPerMinute: 1_000 },
        ...gateway,
      },
      {
        conference: this.conference,
        clock,
        logger: pino({ level: 'debug' }, { write: (line) => void this.logged.push(line) }),
        newToken: () => nanoid(),
        identify: async (token) => ({ ...ANYBODY, ...identities[token ?? ''] }),
        addressOf: (request) => request.socket.remoteAddress ?? '',
        joinTook: () => {},
      },
    );
    this.bridges = new BridgeGateway(
      http,
      { basePath: '', secret: BRIDGE_SECRET, showNumbers: false },
      {
        conference: this.conference,
        dialling,
        clock,
        calls: {
          callStarted: () => {},
          callEnded: (record) => void this.store.callRecords.add(record),
        },
        addressOf: (request) => request.headers[BRIDGE_ADDRESS]?.toString() ?? '127.0.0.1',
        logger: pino({ level: 'debug' }, { write: (line) => void this.logged.push(line) }),
      },
    );
  }

  static async start(options: SignalledOptions = {}): Promise<SignalledServer> {
    const sfu = await TestSfu.start({ workers: 1, ...options.sfu });
    const http = createServer();
    const dir = await mkdtemp(join(tmpdir(), 'tertulia-signalled-'));
    const server = new SignalledServer(http, sfu, dir, options);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async client(): Promise<SignalClient> {
    const client = await SignalClient.connect(this.url);
    this.#clients.add(client);
    return client;
  }

  /** Lets everybody leave, so that the next test finds no room. */
  async empty(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#clients.clear();
    await this.conference.end('removed');
    this.story.length = 0;
    this.logged.length = 0;
  }

  async close(): Promise<void> {
    await this.empty();
    this.bridges.close();
    await this.#gateway.close();
    await this.sfu.close();
    this.store.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
