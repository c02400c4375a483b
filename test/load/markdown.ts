/** Figures as tables in Markdown, below what they are true of. */
import { median, ratio, round, secondHalf, sideNames, slopePerHour } from './figures.ts';
import type { Comparison, Course, Row, SideName } from './figures.ts';

/** @param circumstances one line each */
export function toMarkdown(comparisons: readonly Comparison[], circumstances: readonly string[]): string {
  return [
    ...circumstances.flatMap((line) => [line, '']),
    ...comparisons.flatMap(({ title, rows, courses = [] }) => [
      ...[`## ${title}`, '', ...table(rows), ''],
      ...(courses.length > 0 ? [...courseTable(courses), ''] : []),
    ]),
  ].join('\n');
}

/** What grows and never stops shows in the last column. */
function courseTable(courses: readonly Course[]): string[] {
  const heads = [
    '',
    'first',
    'after a quarter',
    'after half',
    'last',
    'most',
    'an hour more, in the second half',
  ];
  const body = courses.map((course) => {
    const { what, unit, points } = course;
    const told = (value: number | null | undefined): string =>
      typeof value === 'number' ? `${round(value)} ${unit}`.trim() : '';
    const at = (part: number): string => told(points[Math.round((points.length - 1) * part)]?.value);
    const most = Math.max(...points.map(({ value }) => value));
    return [what, at(0), at(0.25), at(0.5), at(1), told(most), told(slopePerHour(secondHalf(course)))];
  });
  const aligned = heads.map((_, i) => (i === 0 ? '---' : '---:'));
  return [heads, aligned, ...body].map((cells) => `| ${cells.join(' | ')} |`);
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
