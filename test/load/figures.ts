/** Figures of a comparison: what was measured of both sides, in the same run. */
import { cpus } from 'node:os';

export interface Row {
  what: string;
  /** In `unit`; the median where something was measured more than once. */
  ours: number;
  /** Of the least that does the same, where there is such a thing. */
  bare?: number;
  unit: 'ms' | 'µs' | 'MiB' | '%';
  /** How often it was measured, and how far apart the measurements lie. */
  note?: string;
}

export interface Comparison {
  /** One line on what is compared with what. */
  title: string;
  rows: Row[];
}

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

/** How often something was measured, and between which bounds it lay. */
export function spread(values: readonly number[]): string {
  return `${values.length} times, ${round(Math.min(...values))} to ${round(Math.max(...values))}`;
}

/** The figures as a table in Markdown, below the machine that they are true of. */
export function toMarkdown(comparisons: readonly Comparison[]): string {
  const tables = comparisons.map(({ title, rows }) => [
    `## ${title}`,
    '',
    '| | server | bare | ratio | |',
    '| --- | ---: | ---: | ---: | --- |',
    ...rows.map(({ what, ours, bare, unit, note = '' }) => {
      const ratio = bare === undefined ? '' : (ours / bare).toFixed(2);
      const floor = bare === undefined ? '' : `${round(bare)} ${unit}`;
      return `| ${what} | ${round(ours)} ${unit} | ${floor} | ${ratio} | ${note} |`;
    }),
    '',
  ]);
  return [machine(), '', ...tables.flat()].join('\n');
}

function machine(): string {
  const processors = cpus();
  return `Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? 'unknown processor'}`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
