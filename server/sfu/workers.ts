/** The worker processes: started, weighed, and replaced when they die. */
import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { routerCodecs, socketBuffers } from '../../worker-config/mediasoup.ts';
import { unavailable } from './refusal.ts';

export interface ListenAddress {
  /** Address of an interface of this host, or 0.0.0.0 or :: together with `announcedAddress`. */
  ip: string;
  /** What clients are told instead of `ip`: the address or host name outside the NAT. */
  announcedAddress?: string;
}

export interface WorkersOptions {
  /** How many processes; one for each core is right. */
  workers: number;
  /** UDP and TCP port of the first worker, the others follow one by one; 0 takes any free ones. */
  rtcPort: number;
  /** Most preferred first; at least one. */
  listen: readonly ListenAddress[];
  /** Path of the mediasoup-worker binary; mediasoup's own when absent. */
  workerBin?: string;
  logLevel?: types.WorkerLogLevel;
  logTags?: readonly types.WorkerLogTag[];
}

/**
 * Pauses between two attempts to start a worker, in ms. Longer: an operator's mended machine recovers later.
 * Shorter: a machine out of memory or ports is hit harder.
 */
const RESTART_FIRST_MS = 200;
const RESTART_LONGEST_MS = 5_000;

/** How long a worker may take to end when it is told to, in ms; it takes some tens. */
const LONGEST_END_MS = 2_000;

/** One live worker process. */
export class MediaWorker {
  readonly index: number;
  readonly worker: types.Worker;
  readonly webRtcServer: types.WebRtcServer;
  /** What it carries: consumers, and one for each participant and router, as they are about to bring some. */
  load = 0;

  constructor(index: number, worker: types.Worker, webRtcServer: types.WebRtcServer) {
    this.index = index;
    this.worker = worker;
    this.webRtcServer = webRtcServer;
  }

  createRouter(): Promise<types.Router> {
    return this.worker.createRouter({ mediaCodecs: routerCodecs });
  }
}

/**
 * A fixed number of places, each with a worker or, for a short while, none. A worker that dies is replaced in
 * its place, on the same port. Who had a router there learns of it by the router's `workerclose`.
 */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #logger: Logger;
  readonly #live = new Map<number, MediaWorker>();
  /** First attempts to replace a worker that are under way. */
  readonly #replacements = new Set<Promise<void>>();
  readonly #retries = new Map<number, NodeJS.Timeout>();
  #closed = false;

  private constructor(options: WorkersOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** @throws Error when a worker can not be started or a port is taken; none is left behind then. */
  static async start(options: WorkersOptions, logger: Logger): Promise<Workers> {
    for (const { ip, announcedAddress } of options.listen) {
      if ((ip === '0.0.0.0' || ip === '::') && !announcedAddress) {
        throw new Error(`Listening on ${ip} needs an announced address: clients can not send to ${ip}.`);
      }
    }
    const workers = new Workers(options, logger);
    const indices = Array.from({ length: options.workers }, (_, index) => index);
    const results = await Promise.allSettled(indices.map((index) => workers.#spawn(index)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      await workers.close();
      throw new Error('A media worker could not be started.', { cause: failed.reason });
    }
    return workers;
  }

  get live(): readonly MediaWorker[] {
    return [...this.#live.values()].sort((a, b) => a.index - b.index);
  }

  /** Whether a dead worker will be back in a moment; `leastLoaded` waits for it. */
  get replacing(): boolean {
    return this.#replacements.size > 0;
  }

  /**
   * The live worker with the least load, none of `except`; null when all live ones are excepted. Waits for
   * replacements that are on their way, so that what a dead worker carried does not pile up on the others.
   * @throws ConferenceError `media-unavailable` when no worker lives.
   */
  async leastLoaded(except: ReadonlySet<MediaWorker> = new Set()): Promise<MediaWorker | null> {
    await Promise.all(this.#replacements);
    const live = this.live;
    if (live.length === 0) throw unavailable('No media worker is running.');
    let least: MediaWorker | null = null;
    for (const worker of live) {
      if (!except.has(worker) && (least === null || worker.load < least.load)) least = worker;
    }
    return least;
  }

  /** Idempotent. Ends all worker processes, and with them all that they carry. Resolves when none is left. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#retries.clear();
    const workers = [...this.#live.values()].map(({ worker }) => worker);
    this.#live.clear();
    for (const worker of workers) worker.close();
    await Promise.all([...this.#replacements, ...workers.map(ended)]);
  }

  async #spawn(index: number): Promise<void> {
    const { rtcPort, listen, workerBin, logLevel = 'warn', logTags = [] } = this.#options;
    const worker = await withoutSignalHandlers(() =>
      mediasoup.createWorker({
        logLevel,
        logTags: [...logTags],
        ...(workerBin === undefined ? {} : { workerBin }),
      }),
    );
    try {
      const protocols = ['udp', 'tcp'] as const;
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: listen.flatMap((address) =>
          protocols.map((protocol) => ({
            ...address,
            protocol,
            ...(rtcPort === 0 ? {} : { port: rtcPort + index }),
            ...(protocol === 'udp' ? socketBuffers : {}),
          })),
        ),
      });
      if (this.#closed) throw new Error('Closed while a worker was starting.');
      const live = new MediaWorker(index, worker, webRtcServer);
      this.#live.set(index, live);
      worker.on('died', (error) => {
        this.#replace(live, error);
      });
    } catch (error) {
      worker.close();
      await ended(worker);
      throw error;
    }
    this.#logger.info({ worker: index, pid: worker.pid }, 'media worker started');
  }

  #replace(dead: MediaWorker, error: Error): void {
    this.#live.delete(dead.index);
    if (this.#closed) return;
    this.#logger.error({ err: error, worker: dead.index }, 'media worker died and will be replaced');
    const replacement = this.#attempt(dead.index, RESTART_FIRST_MS).finally(() => {
      this.#replacements.delete(replacement);
    });
    this.#replacements.add(replacement);
  }

  /** Never rejects. */
  async #attempt(index: number, pauseMs: number): Promise<void> {
    try {
      await this.#spawn(index);
    } catch (error) {
      if (this.#closed) return;
      this.#logger.error(
        { err: error, worker: index, retryInMs: pauseMs },
        'media worker can not be started',
      );
      const retry = setTimeout(() => {
        this.#retries.delete(index);
        void this.#attempt(index, Math.min(pauseMs * 2, RESTART_LONGEST_MS));
      }, pauseMs);
      this.#retries.set(index, retry);
    }
  }
}

/** Resolves when a closed worker's process has ended; one that does not end by itself is killed. */
function ended(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => process.kill(worker.pid, 'SIGKILL'), LONGEST_END_MS);
    worker.once('subprocessclose', () => {
      clearTimeout(kill);
      resolve();
    });
  });
}

/**
 * mediasoup closes its workers as soon as this process is asked to stop. Draining needs them until the last
 * participant has left, so the handlers that `create` adds are taken off again.
 */
function withoutSignalHandlers<T>(create: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const created = create();
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i]?.has(listener)) process.off(signal, listener);
    }
  });
  return created;
}
