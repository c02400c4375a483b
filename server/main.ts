/** The composition root: settings in, parts built in order, and stopped in reverse. */
import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import { createAccess } from './access/access.ts';
import type { Access } from './access/access.ts';
import { createApiKeys } from './access/api-keys.ts';
import { keysCommand } from './access/keys-command.ts';
import { BridgeProcess } from './bridge-process.ts';
import { Conference } from './conference/conference.ts';
import { Dialling } from './conference/dialling.ts';
import { systemClock as clock } from './clock.ts';
import { loadConfig } from './config.ts';
import type { Config } from './config.ts';
import { settingsInForce } from './config/in-force.ts';
import { externalAddresses, mediaAddresses, pageUrls } from './config/listen.ts';
import { Draining } from './draining.ts';
import { createHttpApp } from './http/app.ts';
import { clientAddress } from './http/client-address.ts';
import { createMetrics } from './http/metrics.ts';
import { WebDoor } from './http/web-door.ts';
import { readCredentials, selfSignedCredentials } from './http/tls.ts';
import type { Credentials } from './http/tls.ts';
import { createLifecycle, endAfter, stopOnSignal } from './lifecycle.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createLogger } from './log.ts';
import { giveBackAfterStart } from './memory.ts';
import { allOf, logObserver } from './observers.ts';
import { createRoomLog } from './room-log.ts';
import type { RoomLog } from './room-log.ts';
import { secrets } from './secrets.ts';
import { Sfu } from './sfu/sfu.ts';
import type { CallObserver } from './signalling/bridge-end.ts';
import { BridgeGateway } from './signalling/bridge-gateway.ts';
import { Gateway } from './signalling/gateway.ts';
import { StartError } from './start-error.ts';
import { openKeyStore, openStoreBeside } from './store/store.ts';
import type { LastingStore } from './store/store.ts';
import { Handover } from './takeover/handover.ts';
import { mediaPortsBeside } from './takeover/media-ports.ts';
import { Predecessor } from './takeover/predecessor.ts';
import { configuredReceivers } from './webhooks/receivers.ts';
import { createWebhooks } from './webhooks/webhooks.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

const CLIENT_DIR = fileURLToPath(new URL('../client/dist', import.meta.url));

const DAY_MS = 24 * 3_600_000;
/** How far off the end of a stay may be after the server was killed, in ms. */
const ATTENDANCE_WATCH_MS = 60_000;
/** How much longer than was asked for it may be known who was in a room, in ms. Lower: more work for the database. */
const FORGET_EVERY_MS = 3_600_000;

/** How long before the end of a server that was taken over people in its rooms are told, in ms: they come back by themselves. */
const YIELDED_NOTICE_MS = 60_000;

async function start(config: Config, logger: Logger, roomLog: RoomLog): Promise<void> {
  const lifecycle = createLifecycle(logger);
  const interfaces = networkInterfaces();
  const dataDir = resolve(config.dataDir);
  try {
    const predecessor = await Predecessor.find(dataDir, config.takeOverSeconds > 0, logger);
    lifecycle.onStop('predecessor', () => predecessor?.close());
    const workers = config.workers === 0 ? availableParallelism() : config.workers;
    const rtcPorts = mediaPortsBeside(config.rtcPortBase, workers, predecessor?.facts.rtcPorts ?? null);

    const store = openStoreBeside(dataDir, clock.now(), config.attendanceDays * DAY_MS);
    lifecycle.onStop('store', () => store.close());
    lifecycle.onStop('attendance', keepAttendance(store, logger));
    const access = accessTo(config, store, logger);
    const webhooks = tellOthers(config, store, logger);
    lifecycle.onStop('webhooks', () => webhooks.stop());

    const sfu = await Sfu.start(
      {
        workers,
        rtcPort: rtcPorts?.first ?? 0,
        listen: mediaAddresses(config, interfaces),
        maxParticipantsPerRouter: config.maxParticipantsPerRouter,
        loudest: config.loudest,
        bridgeListen: config.bridgeListen,
        ...(config.workerBin === null ? {} : { workerBin: config.workerBin }),
      },
      logger,
    );
    lifecycle.onStop('sfu', () => sfu.close());

    let bridges: BridgeGateway | null = null;
    const dialling = new Dialling({
      perRoom: config.callsOutPerRoom,
      dialler: {
        isReady: () => bridges?.isReady() ?? false,
        dial: (request) => bridges?.dial(request) ?? false,
        cancel: (dialId) => bridges?.cancel(dialId),
      },
      newId: () => nanoid(),
    });
    const conference = new Conference({
      media: sfu,
      store,
      clock,
      observer: allOf([logObserver(logger), webhooks.observer]),
      secrets,
      newId: () => nanoid(),
      dialling,
      dialIn: config.dialInNumbers,
      isElsewhere: (room) => predecessor?.has(room) ?? false,
      failed: (room, error) => logger.error({ room, err: error }, 'something could not be kept'),
      limits: {
        rooms: config.maxRooms,
        participantsPerRoom: config.maxParticipants,
        publicationsPerParticipant: config.maxPublications,
        chatTail: config.chatTail,
        waitingPerRoom: config.maxWaiting,
        placeKeptMs: config.resumeSeconds * 1_000,
        opensBeforeMs: config.opensBeforeMinutes * 60_000,
      },
    });

    const bridgesNow = () => bridges?.status ?? [];
    const metrics = createMetrics(() => sfu.stats(), bridgesNow);
    const tls = await credentials(config, dataDir);
    const { basePath, trustedProxies, metricsToken, publicUrl } = config;
    const app = await createHttpApp(
      { basePath, trustedProxies, clientDir: CLIENT_DIR, logger },
      {
        workerCount: () => sfu.workers.length,
        roomCount: () => conference.roomCount,
        isDraining: () => conference.draining,
        bridges: bridgesNow,
        metrics,
        metricsToken,
      },
      {
        ...access,
        conference,
        lastingRooms: () => store.rooms.lasting(),
        costs: () => sfu.costs(),
        settings: settingsInForce(config),
        roomLog,
        attendance: (room, from) => store.attendance.since(room, from),
        webhooks,
        bridges: bridgesNow,
        callRecords: (filter) => store.callRecords.find(filter),
        clock,
        publicUrl,
        dialIn: config.dialInNumbers,
        requestsPerMinute: config.apiRequestsPerMinute,
      },
    );
    lifecycle.onStop('http', () => app.close());
    await app.ready();
    const door = new WebDoor(app.server, {
      ...{ host: config.host, port: config.port, tls },
      passage: (request) => predecessor?.passageFor(request, basePath) ?? null,
    });
    lifecycle.onStop('web connections', () => door.ended());

    const addressOf = clientAddress(trustedProxies);
    const gateway = new Gateway(
      app.server,
      {
        basePath,
        maxMessageBytes: config.maxMessageBytes,
        allowedOrigins: [
          ...config.allowedOrigins,
          ...(publicUrl === null ? [] : [new URL(publicUrl).origin]),
        ],
        resumeMs: config.resumeSeconds * 1_000,
        iceServers: config.iceServers,
        rates: config,
      },
      {
        conference,
        clock,
        logger,
        newToken: () => secrets.newKey(),
        identify: access.tokens.identify,
        addressOf,
        joinTook: (ms) => metrics.joinTook(ms),
      },
    );
    lifecycle.onStop('signalling', () => gateway.close());
    // Before it, which waits until nobody asks anything any more.
    lifecycle.onStop('followers of the log', () => roomLog.close());

    const calls: CallObserver = {
      callStarted: (call) => webhooks.callStarted(call),
      callEnded(record) {
        if (!store.callRecords.add(record)) return;
        metrics.callEnded(record);
        webhooks.callEnded(record);
      },
    };
    const bridgeSecret = config.bridgeSecret ?? secrets.newKey();
    bridges = new BridgeGateway(
      app.server,
      { basePath, secret: bridgeSecret, showNumbers: config.showNumbers },
      { conference, dialling, clock, calls, addressOf, logger },
    );
    lifecycle.onStop('bridges', () => bridges.close());

    await predecessor?.hold();
    store.settle(clock.now(), predecessor?.rooms ?? []);
    const port = await door.open();
    lifecycle.onStop('web port', () => door.close());
    // It may speak in the same breath as it yields.
    predecessor?.on('webhooks', () => webhooks.start());
    predecessor?.on('ended', () => {
      settle(store, conference, logger);
      webhooks.start();
    });
    await predecessor?.yield(config.takeOverSeconds);
    if (!predecessor) webhooks.start();
    await startBridge(config, bridges, bridgeSecret, logger, lifecycle);
    announce(pageUrls({ host: config.host, port, basePath, secure: tls !== null }, interfaces));

    const draining = new Draining({
      clock,
      drain: () => conference.drain(),
      takenOver: (deadline) => bridges.takenOver(deadline),
      tell(deadline) {
        bridges.tellOfEnd(deadline);
        void conference.tellOfEnd(deadline);
      },
      endRooms: () => void conference.end('server-stopping'),
    });
    let stopped: Promise<void> | null = null;
    /** The first end that comes counts, where it is asked to stop more than once. */
    const stop = (drainMs: number, noticeMs?: number): Promise<void> => {
      const drained = draining.end(drainMs, noticeMs);
      stopped ??= drained.then(() => lifecycle.stop());
      return stopped;
    };
    stopOnSignal(() => stop(config.drainSeconds * 1_000), logger);
    const handover = await Handover.offer(dataDir, {
      ...{ app: app.server, door, rooms: conference, rtcPorts, logger },
      hasPredecessor: () => predecessor !== null && !predecessor.isOver,
      yield: (seconds) => endAfter(() => stop(seconds * 1_000, YIELDED_NOTICE_MS), logger),
      handOverWebhooks: (more) => webhooks.handOver(more),
      takeBackWebhooks: () => webhooks.start(),
    });
    lifecycle.onStop('handover', () => handover?.close());
    await giveBackAfterStart();
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

/** What a server has left behind that died while this one runs. */
function settle(store: LastingStore, conference: Conference, logger: Logger): void {
  try {
    store.settle(clock.now(), conference.roomNames);
  } catch (error) {
    logger.error({ err: error }, 'what the server before has left could not be settled');
  }
}

/** Where settings for a bridge are given, it runs beside the server. */
async function startBridge(
  { bridgeConfig, logLevel }: Config,
  bridges: BridgeGateway,
  secret: string,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<void> {
  if (bridgeConfig === null) return;
  const serverUrl = await bridges.listenLocally();
  const compileCache = process.env['NODE_COMPILE_CACHE'];
  const options = { config: resolve(bridgeConfig), serverUrl, secret, logLevel, compileCache };
  const bridge = new BridgeProcess(options, logger);
  lifecycle.onStop('bridge', () => bridge.stop());
}

/**
 * Notes who is there, so that it is known about when they left should the server be killed, and forgets what is old.
 * @returns what ends it
 */
function keepAttendance(store: LastingStore, logger: Logger): () => void {
  const every = (ms: number, action: () => void): NodeJS.Timeout =>
    setInterval(() => {
      try {
        action();
      } catch (error) {
        logger.error({ err: error }, 'the attendance could not be kept');
      }
    }, ms);
  const timers = [
    every(ATTENDANCE_WATCH_MS, () => store.attendance.seen(clock.now())),
    every(FORGET_EVERY_MS, () => store.forgetOld(clock.now())),
  ];
  return () => timers.forEach(clearInterval);
}

/** @throws StartError for a key of tokens that is none */
function accessTo(config: Config, store: LastingStore, logger: Logger): Access {
  const { tokenPublicKey: file } = config;
  return createAccess(
    { ...config, tokenPublicKey: file === null ? null : readFileSync(file, 'utf8') },
    {
      ...{ keyStore: store.apiKeys, endedSessions: store.endedSessions },
      ...{ ownSecret: store.ownSecret('signing'), clock, logger },
    },
  );
}

function tellOthers(config: Config, store: LastingStore, logger: Logger): Webhooks {
  const { webhookUrls, webhookSecret, webhookAllowPrivate: allowPrivate } = config;
  const { deliveries: queue, receivers } = store;
  const configured = configuredReceivers(webhookUrls, webhookSecret);
  return createWebhooks({ configured, receivers, allowPrivate, queue, clock, logger, newId: () => nanoid() });
}

async function credentials(config: Config, dataDir: string): Promise<Credentials | null> {
  const { tlsCert, tlsKey, tlsSelfSigned, announcedAddress } = config;
  if (tlsCert !== null && tlsKey !== null) return readCredentials(tlsCert, tlsKey);
  if (!tlsSelfSigned) return null;
  const hosts = ['localhost', hostname(), '127.0.0.1', ...externalAddresses(networkInterfaces())];
  return selfSignedCredentials(
    join(dataDir, 'tls'),
    announcedAddress === null ? hosts : [...hosts, announcedAddress],
  );
}

function announce(urls: readonly string[]): void {
  console.log(`\nTertulia is open at\n${urls.map((url) => `  ${url}`).join('\n')}\n`);
  const isPlain = urls.some((url) => url.startsWith('http:') && !url.includes('//localhost'));
  if (isPlain) {
    console.log(
      'Browsers give camera and microphone to HTTPS pages and to localhost only; see --help, TLS_….\n',
    );
  }
}

function load(argv: readonly string[]) {
  return loadConfig({ argv, env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
}

/** Beside a server that runs, or without one. */
function runKeysCommand(argv: readonly string[]): void {
  const command = keysCommand(argv);
  const loaded = load(command.configFile === null ? [] : ['--config', command.configFile]);
  if (loaded.kind === 'help') return;
  const store = openKeyStore(resolve(loaded.config.dataDir));
  try {
    console.log(command.run(createApiKeys(store.apiKeys, clock)));
  } finally {
    store.close();
  }
}

async function run(argv: readonly string[]): Promise<void> {
  if (argv[0] === 'keys') {
    runKeysCommand(argv.slice(1));
    return;
  }
  const loaded = load(argv);
  if (loaded.kind === 'help') {
    process.stdout.write(loaded.text);
  } else {
    const { logLevel: level, logFormat: format } = loaded.config;
    const roomLog = createRoomLog();
    await start(
      loaded.config,
      createLogger({ level, format }, (line) => roomLog.take(line)),
      roomLog,
    );
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  // What the system refuses is the operator's to mend too: no stack for those.
  const isTheirs = error instanceof StartError || (error instanceof Error && 'syscall' in error);
  console.error(isTheirs ? error.message : error);
  process.exit(1);
}
