/** Figures of a comparison: what was measured of each side, in the same run. */

/** The server; the least that does the same on mediasoup; Debian's Janus. */
export const sideNames = ['server', 'bare', 'janus'] as const;
export type SideName = (typeof sideNames)[number];

export interface Row {
  what: string;
  unit: 'ms' | 's' | 'MiB' | 'KiB' | '%' | 'bytes' | 'messages' | 'Mbit/s' | '';
  /** All that was measured, in `unit`; the median counts. */
  values: Partial<Record<SideName, readonly number[]>>;
  note?: string;
}

/** How something went over time. */
export interface Course {
  what: string;
  unit: Row['unit'];
  /** In the order of time, which is in minutes from the beginning. */
  points: readonly { minute: number; value: number }[];
}

export interface Comparison {
  /** One line on what is compared with what. */
  title: string;
  rows: Row[];
  courses?: readonly Course[];
}

/** The points that lie in the second half of a course's time. */
export function secondHalf({ points }: Course): Course['points'] {
  const last = points.at(-1)?.minute ?? 0;
  return points.filter(({ minute }) => minute >= last / 2);
}

/** By how much it grows in an hour, by the line with the least squares; null for fewer than two points. */
export function slopePerHour(points: Course['points']): number | null {
  if (points.length < 2) return null;
  const mean = (of: (point: Course['points'][number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [minute, value] = [mean((point) => point.minute), mean((point) => point.value)];
  const spread = mean((point) => (point.minute - minute) ** 2);
  return (60 * mean((point) => (point.minute - minute) * (point.value - value))) / spread;
}

/** @throws RangeError when there is none */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `share` per cent of all lie, one of the values itself. @throws RangeError when there is none */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))];
  if (value === undefined) throw new RangeError('There are no values.');
  return value;
}

/** What the server takes of what another takes; null where there is nothing to divide by. */
export function ratio({ values: { server, ...others } }: Row, side: 'bare' | 'janus'): number | null {
  const other = others[side];
  if (!server?.length || !other?.length || median(other) === 0) return null;
  return median(server) / median(other);
}

/** Three digits, as nothing here is known better. */
export function round(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
