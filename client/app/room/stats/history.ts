/** The last minute of every stream's figures. */
import type { RoomStats, StreamStats } from '../../../sdk/types.ts';

/** How often figures are read, in ms. Lower: the graphs are livelier, and cost more. */
export const INTERVAL_MS = 1_000;
/** One minute. */
export const MAX_SAMPLES = 60;

export interface StreamHistory {
  readonly key: string;
  readonly now: StreamStats;
  /** Oldest first. */
  readonly samples: readonly StreamStats[];
}

export interface StatsHistory {
  readonly latest: RoomStats;
  readonly streams: readonly StreamHistory[];
}

/** Streams that are gone are forgotten. */
export function withStats(before: StatsHistory | null, latest: RoomStats): StatsHistory {
  const known = new Map(before?.streams.map(({ key, samples }) => [key, samples]));
  const streams = latest.streams.map((now): StreamHistory => {
    const key = `${now.direction} ${now.publicationId}`;
    return { key, now, samples: [...(known.get(key) ?? []), now].slice(-MAX_SAMPLES) };
  });
  return { latest, streams };
}
