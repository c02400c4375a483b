/** Figures in an SVG, as bars or, over time, as lines: each by itself, as they have units of their own. */
import { median, round, sideNames } from './figures.ts';
import type { Comparison, Course, Row, SideName } from './figures.ts';

const WIDTH = 1_000;
const LABELS = 470;
const BAR = 14;
const GAP = 10;
const VALUES = 150;
/** Height of what goes over time. */
const COURSE = 60;
const COLOURS: Readonly<Record<SideName, string>> = {
  server: '#2563eb',
  bare: '#94a3b8',
  janus: '#f59e0b',
};

/** Hairlines mark how far the measurements lie apart. */
export function toSvg({ title, rows, courses }: Comparison): string {
  const drawn: string[] = [text(GAP, 24, title, 'font-weight="bold"')];
  let top = 44;
  for (const course of courses ?? []) {
    drawn.push(...lineOf(course, top));
    top += COURSE + 2 * GAP;
  }
  // Where something goes over time, what is told once is in the table.
  for (const row of courses ? [] : rows) {
    const bars = barsOf(row);
    drawn.push(text(GAP, top + BAR - 2, row.what));
    for (const bar of bars) {
      drawn.push(...bar.draw(top));
      top += BAR + 2;
    }
    top += GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** From 0 up to the most. */
function lineOf({ what, unit, points }: Course, top: number): string[] {
  const values = points.map(({ value }) => value);
  const most = Math.max(...values, Number.MIN_VALUE);
  const last = Math.max(points.at(-1)?.minute ?? 0, Number.MIN_VALUE);
  const [left, right, bottom] = [LABELS / 2 + GAP, WIDTH - VALUES, top + COURSE];
  const path = points.map(({ minute, value }, i) => {
    const x = left + (minute / last) * (right - left);
    return `${i === 0 ? 'M' : 'L'}${x.toFixed(0)} ${(bottom - (value / most) * COURSE).toFixed(1)}`;
  });
  return [
    text(GAP, bottom - COURSE / 2 + 4, what),
    `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="#94a3b8"/>`,
    `<path d="${path.join('')}" fill="none" stroke="${COLOURS.server}"/>`,
    text(right + GAP, top + 10, `most ${round(most)} ${unit}`),
    text(right + GAP, bottom, `last ${round(values.at(-1) ?? 0)} ${unit}`),
    text(right - 60, bottom + 14, `${round(last)} minutes`, 'font-size="10"'),
  ];
}

function barsOf({ values, unit }: Row): { draw: (top: number) => string[] }[] {
  const most = Math.max(...Object.values(values).flat(), Number.MIN_VALUE);
  const long = (value: number): number => (value / most) * (WIDTH - LABELS - VALUES);
  return sideNames.flatMap((side) => {
    const all = values[side];
    if (!all?.length) return [];
    const middle = median(all);
    const [from, to] = [LABELS + long(Math.min(...all)), LABELS + long(Math.max(...all))];
    const draw = (top: number): string[] => [
      `<rect x="${LABELS}" y="${top}" width="${long(middle).toFixed(1)}" height="${BAR}" fill="${COLOURS[side]}"/>`,
      `<path d="M${from.toFixed(1)} ${top + BAR / 2}H${to.toFixed(1)}" stroke="black"/>`,
      text(Math.max(to, LABELS + long(middle)) + 4, top + BAR - 3, `${side} ${round(middle)} ${unit}`),
    ];
    return [{ draw }];
  });
}

function text(x: number, y: number, content: string, more = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped}</text>`;
}
