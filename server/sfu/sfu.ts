/**
 * The SFU: media for rooms, on mediasoup. This folder alone imports mediasoup; the conference knows the ports
 * that it implements. How things are closed, and what follows from it, is told in closures.md.
 */
import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';
import type { RoomName } from '../conference/model.ts';
import type { Media, MediaEvents, MediaRoom } from '../conference/ports.ts';
import { CostMeter } from './costs.ts';
import type { Costs } from './costs.ts';
import { unavailable } from './refusal.ts';
import { Room } from './room.ts';
import type { RoomOptions } from './room.ts';
import { gatherStats } from './stats.ts';
import type { SfuStats } from './stats.ts';
import { Workers } from './workers.ts';
import type { WorkersOptions } from './workers.ts';

export type { Costs } from './costs.ts';
export type { SfuStats, WorkerStats } from './stats.ts';
export type { ListenAddress } from './workers.ts';

export type SfuOptions = WorkersOptions & RoomOptions;

export class Sfu implements Media {
  readonly #options: RoomOptions;
  readonly #logger: Logger;
  readonly #workers: Workers;
  readonly #rooms = new Map<Room, RoomName>();
  readonly #costs = new CostMeter();
  #closed = false;

  private constructor(options: RoomOptions, logger: Logger, workers: Workers) {
    this.#options = options;
    this.#logger = logger;
    this.#workers = workers;
  }

  /** Starts all workers. @throws Error when one can not be started or a port is taken; none is left behind then. */
  static async start(options: SfuOptions, logger: Logger): Promise<Sfu> {
    setLogEventListeners({
      onwarn: (namespace, message) => logger[isRefusal(message) ? 'debug' : 'warn']({ namespace }, message),
      onerror: (namespace, message, error) =>
        logger[isRefusal(message) ? 'debug' : 'error']({ namespace, err: error }, message),
    });
    return new Sfu(options, logger, await Workers.start(options, logger));
  }

  async openRoom(name: RoomName, events: MediaEvents): Promise<MediaRoom> {
    const room = await Room.open({
      workers: this.#workers,
      options: this.#options,
      events,
      logger: this.#logger.child({ room: name }),
      onClosed: (closed) => this.#rooms.delete(closed),
    });
    if (this.#closed) {
      room.close();
      throw unavailable('The media workers were stopped.');
    }
    this.#rooms.set(room, name);
    return room;
  }

  /** Process ids of the live workers, by index: for health checks. */
  get workers(): readonly { index: number; pid: number }[] {
    return this.#workers.live.map(({ index, worker }) => ({ index, pid: worker.pid }));
  }

  stats(): Promise<SfuStats> {
    return gatherStats(this.#workers.live, [...this.#rooms.keys()]);
  }

  /** What each room and participant costs, processor time since the last time that this was asked. */
  costs(): Promise<Costs> {
    return this.#costs.measure(this.#workers.live, this.#rooms, performance.now());
  }

  /** Idempotent. Closes all rooms, then ends the workers; resolves when no process is left. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const room of this.#rooms.keys()) room.close();
    await this.#workers.close();
  }
}

/** What mediasoup refuses reaches the caller as an error as well, and is logged by whoever handles that. */
function isRefusal(message: string): boolean {
  return ['request failed', 'canConsume() |', '| throwing MediaSoup'].some((part) => message.includes(part));
}
