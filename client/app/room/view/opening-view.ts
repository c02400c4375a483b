import type { RoomState, View } from '../../../sdk/types.ts';
import { arrange } from '../stage/arrangement.ts';
import type { StageWishes } from '../stage/arrangement.ts';
import { pagedGrid } from '../stage/grid.ts';
import { viewOf } from './view.ts';

/** The window that a room is about to be drawn in. */
export interface Opening extends Pick<StageWishes, 'layout' | 'showSelf'> {
  /** Inner size, in CSS pixels. */
  width: number;
  height: number;
  /** Device pixels to a CSS pixel. */
  scale: number;
  isPageVisible: boolean;
}

/** Beside one in front, in CSS pixels: about what the style sheet makes of it. */
const STRIP_TILE = { width: 200, height: 112 };

/**
 * What will be on display in a room that has just been entered, as nearly as can be told before it is drawn: asked for
 * with the wish to receive, pictures come while the page is still being built.
 */
export function openingView(state: RoomState, { scale, isPageVisible, ...opening }: Opening): View {
  const { featured, tiles } = arrange(state, { ...opening, pinned: null, speaker: state.dominantSpeaker });
  const grid = pagedGrid(tiles.length, opening);
  const rest = featured ? STRIP_TILE : { width: grid.tileWidth, height: grid.tileHeight };
  const showings = [
    ...(featured ? [{ tile: featured, size: opening }] : []),
    ...tiles.slice(0, grid.perPage).map((tile) => ({ tile, size: rest })),
  ].flatMap(({ tile: { video, isSelf }, size: { width, height } }) => {
    if (!video || isSelf) return [];
    const [publicationId, isInSight, inOwnWindow] = [video.id, true, false];
    return [{ publicationId, width: width * scale, height: height * scale, isInSight, inOwnWindow }];
  });
  const pinned = featured?.source === 'screen' ? (featured.video?.id ?? null) : null;
  return viewOf(showings, { isPageVisible, soundOnly: false, pinned });
}
