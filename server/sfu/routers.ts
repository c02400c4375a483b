/** The routers of one room: where participants are placed, and what is lost with a worker. */
import type { types } from 'mediasoup';
import { refusal, unavailable } from './refusal.ts';
import type { MediaWorker, Workers } from './workers.ts';

/** One router of a room, on its worker. */
export class RoomRouter {
  readonly worker: MediaWorker;
  readonly router: types.Router;
  participants = 0;
  #direct: Promise<types.DirectTransport> | null = null;

  constructor(worker: MediaWorker, router: types.Router) {
    this.worker = worker;
    this.router = router;
    // Counted for placement: a consumer is what forwards, and costs.
    router.observer.on('newtransport', (transport) => {
      transport.observer.on('newconsumer', (consumer) => {
        worker.load += 1;
        consumer.observer.once('close', () => (worker.load -= 1));
      });
    });
    worker.load += 1;
    router.observer.once('close', () => (worker.load -= 1));
  }

  /** The transport over which this process itself receives; opened at first use. */
  direct(): Promise<types.DirectTransport> {
    this.#direct ??= this.router.createDirectTransport();
    return this.#direct;
  }
}

export class Routers {
  readonly #workers: Workers;
  readonly #maxParticipants: number;
  readonly #onLost: (router: RoomRouter) => void;
  readonly #routers = new Set<RoomRouter>();
  #opening: Promise<RoomRouter | null> | null = null;
  #closed = false;

  /**
   * @param maxParticipants of one router, before the room goes on with another on another worker
   * @param onLost called when a router is gone with its worker
   */
  constructor(workers: Workers, maxParticipants: number, onLost: (router: RoomRouter) => void) {
    this.#workers = workers;
    this.#maxParticipants = maxParticipants;
    this.#onLost = onLost;
  }

  get all(): ReadonlySet<RoomRouter> {
    return this.#routers;
  }

  /** Makes sure that there is a router. @throws ConferenceError `media-unavailable` */
  async open(): Promise<void> {
    if (this.#routers.size === 0) await this.#openAnother();
  }

  /**
   * Finds a router for one more participant, who counts from now on. A room that has a router on every worker
   * fills them evenly beyond the limit.
   * @throws ConferenceError `media-unavailable`
   */
  async place(): Promise<RoomRouter> {
    for (;;) {
      const emptiest = this.#emptiest();
      if (emptiest && (emptiest.participants < this.#maxParticipants || !this.#canGrow())) {
        emptiest.participants += 1;
        emptiest.worker.load += 1;
        return emptiest;
      }
      await this.#openAnother();
    }
  }

  /** Takes back one `place`. A router that nobody uses is closed, unless it is the room's last. */
  release(router: RoomRouter): void {
    router.participants -= 1;
    router.worker.load -= 1;
    if (router.participants === 0 && this.#routers.size > 1 && this.#routers.delete(router)) {
      router.router.close();
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { router } of this.#routers) router.close();
    this.#routers.clear();
  }

  #emptiest(): RoomRouter | null {
    let emptiest: RoomRouter | null = null;
    for (const router of this.#routers) {
      if (emptiest === null || router.participants < emptiest.participants) emptiest = router;
    }
    return emptiest;
  }

  #usedWorkers(): Set<MediaWorker> {
    return new Set([...this.#routers].map(({ worker }) => worker));
  }

  #canGrow(): boolean {
    const used = this.#usedWorkers();
    return this.#workers.replacing || this.#workers.live.some((worker) => !used.has(worker));
  }

  /** Opens a router on a worker that has none of this room; null when there is no such worker. */
  #openAnother(): Promise<RoomRouter | null> {
    this.#opening ??= this.#create().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #create(): Promise<RoomRouter | null> {
    const worker = await this.#workers.leastLoaded(this.#usedWorkers());
    if (!worker) return null;
    const router = await worker.createRouter().catch((error: unknown) => {
      throw refusal(error);
    });
    if (this.#closed) {
      router.close();
      throw unavailable('The room was closed.');
    }
    const roomRouter = new RoomRouter(worker, router);
    this.#routers.add(roomRouter);
    router.on('workerclose', () => {
      if (this.#routers.delete(roomRouter)) this.#onLost(roomRouter);
    });
    return roomRouter;
  }
}
