/** What rooms and people cost: bitrates as measured, processor time shared out by them. */
import type { ParticipantId, RoomName } from '../conference/model.ts';
import type { Bridge } from './bridge.ts';
import type { Room } from './room.ts';
import { settled, statsOfWorker } from './stats.ts';
import type { WorkerStats } from './stats.ts';
import type { MediaWorker } from './workers.ts';

export interface ParticipantCost {
  participantId: ParticipantId;
  /** Index of the worker that carries them. */
  worker: number;
  /** Received from them, in bit/s. */
  bitrateIn: number;
  /** Sent to them, in bit/s. */
  bitrateOut: number;
}

export interface RoomCost {
  room: RoomName;
  /** Part of one processor; null until it has been measured twice. */
  cpuShare: number | null;
  participants: ParticipantCost[];
}

export interface WorkerCost extends WorkerStats {
  /** Part of one processor; null until it has been measured twice. */
  cpuShare: number | null;
}

export interface Costs {
  workers: WorkerCost[];
  rooms: RoomCost[];
}

/** When a worker had used how much, by process id. */
type Usage = ReadonlyMap<number, { at: number; cpuSeconds: number }>;

/** Measures since the last time that it was asked. */
export class CostMeter {
  #last: Usage = new Map();

  /** @param now ms, of a clock that never goes back */
  async measure(
    workers: readonly MediaWorker[],
    rooms: ReadonlyMap<Room, RoomName>,
    now: number,
  ): Promise<Costs> {
    const [stats, carried] = await Promise.all([
      settled(workers.map(statsOfWorker)),
      Promise.all([...rooms].map(([room, name]) => costsOf(room, name))),
    ]);
    const measured = stats.map((worker) => ({ ...worker, cpuShare: this.#shareOf(worker, now) }));
    this.#last = new Map(stats.map(({ pid, cpuSeconds }) => [pid, { at: now, cpuSeconds }]));
    return { workers: measured, rooms: withShares(measured, carried) };
  }

  #shareOf({ pid, cpuSeconds }: WorkerStats, now: number): number | null {
    const last = this.#last.get(pid);
    if (!last || now <= last.at) return null;
    return ((cpuSeconds - last.cpuSeconds) * 1_000) / (now - last.at);
  }
}

async function costsOf(room: Room, name: RoomName): Promise<Omit<RoomCost, 'cpuShare'>> {
  const [browsers, callers] = await Promise.all([
    costsOfBrowsers(room),
    settled([...room.bridges].map(costsOfCallers)),
  ]);
  return { room: name, participants: [...browsers, ...callers.flat()] };
}

function costsOfBrowsers(room: Room): Promise<ParticipantCost[]> {
  return settled(
    [...room.participants].flatMap(({ id: participantId, place }) => {
      if (!place) return [];
      const { at, transports } = place;
      return [
        Promise.all([transports.send.getStats(), transports.receive.getStats()]).then(([send, receive]) => ({
          participantId,
          worker: at.worker.index,
          bitrateIn: send[0]?.recvBitrate ?? 0,
          bitrateOut: receive[0]?.sendBitrate ?? 0,
        })),
      ];
    }),
  );
}

/** What goes to a bridge goes to all of its callers in the room: each has an equal part of it. */
async function costsOfCallers({ place, publications }: Bridge): Promise<ParticipantCost[]> {
  if (!place) return [];
  const [transport, voices] = await Promise.all([
    place.transport.getStats(),
    settled(
      publications.map(async ({ participantId, producer }) => {
        return { participantId, bitrateIn: (await producer.getStats())[0]?.bitrate ?? 0 };
      }),
    ),
  ]);
  const bitrateOut = Math.round((transport[0]?.sendBitrate ?? 0) / Math.max(voices.length, 1));
  return voices.map((voice) => ({ ...voice, worker: place.at.worker.index, bitrateOut }));
}

/**
 * Each room has of a worker's processor time what it has of its bits: forwarding is nearly all that workers do.
 * Pure.
 */
export function withShares(
  workers: readonly Pick<WorkerCost, 'index' | 'cpuShare'>[],
  rooms: readonly Omit<RoomCost, 'cpuShare'>[],
): RoomCost[] {
  const bitsOf = new Map<number, number>();
  for (const { worker, bitrateIn, bitrateOut } of rooms.flatMap(({ participants }) => participants)) {
    bitsOf.set(worker, (bitsOf.get(worker) ?? 0) + bitrateIn + bitrateOut);
  }
  const shares = new Map(workers.map(({ index, cpuShare }) => [index, cpuShare]));
  return rooms.map((room) => {
    let sum: number | null = 0;
    for (const { worker, bitrateIn, bitrateOut } of room.participants) {
      const [share = null, bits = 0] = [shares.get(worker), bitsOf.get(worker)];
      if (share === null || sum === null) sum = null;
      else if (bits > 0) sum += (share * (bitrateIn + bitrateOut)) / bits;
    }
    return { ...room, cpuShare: sum };
  });
}
