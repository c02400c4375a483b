/** How many tiles of which size fit into a window: pure geometry, in CSS pixels. */

export interface GridSpace {
  /** Tiles that want a place. */
  count: number;
  width: number;
  height: number;
  gap: number;
}

export interface Grid {
  columns: number;
  rows: number;
  tileWidth: number;
  tileHeight: number;
  /** Tiles on each page but the last. */
  perPage: number;
  pages: number;
}

/** A tile is at its widest a camera's picture, at its narrowest a portrait: faces stay whole in between. */
const WIDEST = 16 / 9;
const NARROWEST = 4 / 5;
/** One alone fills what the controls leave of a telephone that is held upright. */
const NARROWEST_ALONE = 1 / 2;

/** Below this, faces can't be told apart: the rest goes on the next page. Smaller values show more at once. */
const MIN_TILE_WIDTH = 144;
const MIN_TILE_HEIGHT = 96;
/** More pictures than this cost a laptop its fan, and nobody looks at them. */
const MAX_PER_PAGE = 25;

/** Space between tiles, in CSS pixels; the style sheet has the same. */
export const GAP = 8;
/** The buttons to turn pages with the space above them, in CSS pixels; the style sheet has the same. */
const PAGER_HEIGHT = 52;

/** The grid of a stage: where not all fit on one page, the buttons to turn it have their own place, below. */
export function pagedGrid(count: number, { width, height }: Pick<GridSpace, 'width' | 'height'>): Grid {
  const whole = gridFor({ count, width, height, gap: GAP });
  return whole.pages === 1 ? whole : gridFor({ count, width, height: height - PAGER_HEIGHT, gap: GAP });
}

/** The arrangement with the largest tiles. Pages are filled evenly, so that the last one is not a lone tile. */
export function gridFor({ count, width, height, gap }: GridSpace): Grid {
  const mostColumns = Math.max(1, Math.floor((width + gap) / (MIN_TILE_WIDTH + gap)));
  const mostRows = Math.max(1, Math.floor((height + gap) / (MIN_TILE_HEIGHT + gap)));
  const capacity = Math.min(mostColumns * mostRows, MAX_PER_PAGE);
  const pages = Math.max(1, Math.ceil(count / capacity));
  const perPage = Math.max(1, Math.ceil(count / pages));

  let best: Grid | undefined;
  for (let columns = 1; columns <= perPage; columns += 1) {
    const rows = Math.ceil(perPage / columns);
    const tile = fitTile(
      (width - gap * (columns - 1)) / columns,
      (height - gap * (rows - 1)) / rows,
      perPage === 1 ? NARROWEST_ALONE : NARROWEST,
    );
    if (!best || tile.width * tile.height > best.tileWidth * best.tileHeight)
      best = { columns, rows, tileWidth: tile.width, tileHeight: tile.height, perPage, pages };
  }
  return best ?? { columns: 1, rows: 1, tileWidth: 0, tileHeight: 0, perPage, pages };
}

/** The largest tile of a pleasant shape within a cell, in whole pixels. */
function fitTile(
  cellWidth: number,
  cellHeight: number,
  narrowest: number,
): { width: number; height: number } {
  const width = Math.max(0, Math.min(cellWidth, cellHeight * WIDEST));
  const height = Math.max(0, Math.min(cellHeight, cellWidth / narrowest));
  return { width: Math.floor(width), height: Math.floor(height) };
}
