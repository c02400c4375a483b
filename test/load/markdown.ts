/** Figures as tables in Markdown, below what they are true of. */
import { median, ratio, round, sideNames } from './figures.ts';
import type { Comparison, Row, SideName } from './figures.ts';

/** @param circumstances one line each */
export function toMarkdown(comparisons: readonly Comparison[], circumstances: readonly string[]): string {
  return [
    ...circumstances.flatMap((line) => [line, '']),
    ...comparisons.flatMap(({ title, rows }) => [`## ${title}`, '', ...table(rows), '']),
  ].join('\n');
}

function table(rows: readonly Row[]): string[] {
  const sides = sideNames.filter((side) => rows.some(({ values }) => values[side]?.length));
  const others = sides.filter((side) => side !== 'server');
  const heads = ['', ...sides, ...others.map((side) => `of ${side}`), 'measured'];
  const aligned = heads.map((_, i) => (i === 0 || i === heads.length - 1 ? '---' : '---:'));
  const body = rows.map((row) => [
    row.what,
    ...sides.map((side) => value(row, side)),
    ...others.map((side) => ratio(row, side)?.toFixed(2) ?? ''),
    [spreads(row), row.note].filter(Boolean).join('; '),
  ]);
  return [heads, aligned, ...body].map((cells) => `| ${cells.join(' | ')} |`);
}

function value({ values, unit }: Row, side: SideName): string {
  const all = values[side];
  return all?.length ? `${round(median(all))} ${unit}`.trim() : '';
}

/** How often something was measured, and between which bounds it lay. */
function spreads({ values }: Row): string {
  return sideNames
    .flatMap((side) => {
      const all = values[side] ?? [];
      if (all.length < 2) return [];
      return [`${side} ${all.length} times, ${round(Math.min(...all))} to ${round(Math.max(...all))}`];
    })
    .join('; ');
}
