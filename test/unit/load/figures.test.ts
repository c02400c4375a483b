import { describe, expect, test } from 'vitest';
import { median, percentile, ratio, round } from '../../load/figures.ts';
import type { Comparison, Row } from '../../load/figures.ts';
import { toMarkdown } from '../../load/markdown.ts';
import { toSvg } from '../../load/plot.ts';

const row: Row = { what: 'time', unit: 'ms', values: { server: [3, 1, 2], janus: [4] } };
const comparison: Comparison = { title: 'This & that', rows: [row] };

describe('figures', () => {
  test('a percentile is one of the values', () => {
    expect(median([30, 10, 20])).toBe(20);
    expect(percentile([1, 2, 3, 4], 99)).toBe(4);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });

  test('a ratio is of medians, and of nothing where one is missing', () => {
    expect(ratio(row, 'janus')).toBe(0.5);
    expect(ratio(row, 'bare')).toBeNull();
    expect(ratio({ ...row, values: { server: [1], bare: [0] } }, 'bare')).toBeNull();
  });

  test('three digits are told', () => {
    expect([0, 0.012345, 1.2345, 12.345, 123.45, 12_345].map(round)).toEqual([
      ...['0', '0.0123', '1.23', '12.3', '123', '12345'],
    ]);
  });
});

test('a table has the sides that were there, and how far the measurements lie apart', () => {
  expect(toMarkdown([comparison], ['On a machine']).split('\n')).toEqual([
    ...['On a machine', '', '## This & that', ''],
    '|  | server | janus | of janus | measured |',
    '| --- | ---: | ---: | ---: | --- |',
    '| time | 2.00 ms | 4.00 ms | 0.50 | server 3 times, 1.00 to 3.00 |',
    '',
  ]);
});

test('a plot has a bar for each side, as long as its median', () => {
  const svg = toSvg(comparison);
  const widths = [...svg.matchAll(/width="([\d.]+)" height="14"/g)].map(([, width]) => Number(width));
  expect(widths).toHaveLength(2);
  expect(widths[0]! / widths[1]!).toBeCloseTo(0.5, 2);
  expect(svg).toContain('This &amp; that');
});
