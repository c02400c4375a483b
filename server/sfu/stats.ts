/** Figures for metrics, gathered when asked for. */
import type { types } from 'mediasoup';
import type { Room } from './room.ts';
import type { MediaWorker } from './workers.ts';

export interface WorkerStats {
  index: number;
  pid: number;
  /** CPU time used since it was started, in seconds. */
  cpuSeconds: number;
  /** Largest resident memory so far, in bytes. */
  maxMemoryBytes: number;
  /** Consumers, participants and routers on it. */
  load: number;
}

export interface SfuStats {
  workers: WorkerStats[];
  rooms: number;
  routers: number;
  participants: number;
  /** WebRTC transports. */
  transports: number;
  publications: number;
  /** Consumers towards participants and bridges, held back ones included. */
  subscriptions: number;
  /** Publications piped between routers. */
  pipes: number;
  /** Received from participants, those on the telephone included, in bit/s. */
  bitrateIn: number;
  /** Sent to participants, those on the telephone included, in bit/s. */
  bitrateOut: number;
  /** Part of the packets from participants that was lost, 0 to 1, averaged over transports. */
  packetLossIn: number;
  /** Part of the packets to participants that was lost, 0 to 1, averaged over transports. */
  packetLossOut: number;
}

export async function gatherStats(
  workers: readonly MediaWorker[],
  rooms: readonly Room[],
): Promise<SfuStats> {
  const participants = rooms.flatMap((room) => [...room.participants]);
  const bridges = rooms.flatMap((room) => [...room.bridges]);
  const places = participants.map(({ place }) => place).filter((place) => place !== null);
  const [workerStats, incoming, outgoing, telephones] = await Promise.all([
    settled(workers.map(statsOfWorker)),
    settled(places.map(({ transports }) => transports.send.getStats())),
    settled(places.map(({ transports }) => transports.receive.getStats())),
    settled(bridges.flatMap(({ place }) => place?.transport.getStats() ?? [])),
  ]);
  const sends = incoming.flat();
  const receives = outgoing.flat();
  const links = telephones.flat();
  return {
    workers: workerStats,
    rooms: rooms.length,
    routers: sum(rooms.map(({ routers }) => routers.all.size)),
    participants: participants.length,
    transports: 2 * places.length,
    publications: sum(rooms.map(({ publications }) => publications.size)),
    subscriptions: sum([...participants, ...bridges].map(({ subscriptionCount }) => subscriptionCount)),
    pipes: sum(rooms.map(({ pipes }) => pipes.size)),
    bitrateIn: sum([...sends, ...links].map(({ recvBitrate }) => recvBitrate)),
    bitrateOut: sum([...receives, ...links].map(({ sendBitrate }) => sendBitrate)),
    packetLossIn: mean(sends.map(({ rtpPacketLossReceived }) => rtpPacketLossReceived)),
    packetLossOut: mean(receives.map(({ rtpPacketLossSent }) => rtpPacketLossSent)),
  };
}

export async function statsOfWorker({ index, worker, load }: MediaWorker): Promise<WorkerStats> {
  const usage: types.WorkerResourceUsage = await worker.getResourceUsage();
  return {
    index,
    pid: worker.pid,
    cpuSeconds: (usage.ru_utime + usage.ru_stime) / 1_000,
    // Kibibytes, as getrusage(2) has it on Linux.
    maxMemoryBytes: usage.ru_maxrss * 1_024,
    load,
  };
}

/** What could be had: a transport or worker that has just gone has no figures, and none are missed. */
export async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? 0 : sum(known) / known.length;
}
