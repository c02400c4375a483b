import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridFor } from '../../../client/app/room/stage/grid.ts';

const GAP = 8;

describe('the grid', () => {
  it('gives one person the whole window, within a pleasant shape', () => {
    expect(gridFor({ count: 1, width: 1600, height: 900, gap: GAP })).toMatchObject({
      columns: 1,
      tileWidth: 1600,
      tileHeight: 900,
      pages: 1,
    });
  });

  it('puts two side by side in a wide window, and one below the other on a telephone', () => {
    expect(gridFor({ count: 2, width: 1280, height: 700, gap: GAP }).columns).toBe(2);
    expect(gridFor({ count: 2, width: 374, height: 700, gap: GAP }).columns).toBe(1);
  });

  it('fills pages evenly rather than leave a lone tile on the last one', () => {
    expect(gridFor({ count: 26, width: 1280, height: 700, gap: GAP })).toMatchObject({
      pages: 2,
      perPage: 13,
    });
  });

  it('fits any number into any window: no tile is lost, none overflows, all keep their shape', () => {
    const sizes = fc.record({
      count: fc.integer({ min: 1, max: 250 }),
      width: fc.integer({ min: 50, max: 4_000 }),
      height: fc.integer({ min: 50, max: 2_500 }),
    });
    fc.assert(
      fc.property(sizes, ({ count, width, height }) => {
        const grid = gridFor({ count, width, height, gap: GAP });
        expect(grid.perPage * grid.pages).toBeGreaterThanOrEqual(count);
        expect(grid.perPage * (grid.pages - 1)).toBeLessThan(count);
        expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(grid.perPage);
        expect(grid.columns * (grid.tileWidth + GAP) - GAP).toBeLessThanOrEqual(width);
        expect(grid.rows * (grid.tileHeight + GAP) - GAP).toBeLessThanOrEqual(height);
        expect(grid.tileWidth).toBeLessThanOrEqual(Math.ceil((grid.tileHeight + 1) * (16 / 9)));
        const narrowest = grid.perPage === 1 ? 1 / 2 : 4 / 5;
        expect(grid.tileHeight).toBeLessThanOrEqual(Math.ceil((grid.tileWidth + 1) / narrowest));
      }),
    );
  });

  it('keeps every face large enough to be known where the window has the space for one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 250 }),
        fc.integer({ min: 320, max: 4_000 }),
        fc.integer({ min: 240, max: 2_500 }),
        (count, width, height) => {
          const { tileWidth, tileHeight } = gridFor({ count, width, height, gap: GAP });
          expect(Math.min(tileWidth, tileHeight)).toBeGreaterThanOrEqual(80);
        },
      ),
    );
  });
});
