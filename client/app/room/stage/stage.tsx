import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import type { RoomState } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useSize, type Size } from '../../ui/use-size.ts';
import type { ViewReporter } from '../view/view-reporter.ts';
import { arrange, bringForward, type Arrangement, type TileModel } from './arrangement.ts';
import { GAP, pagedGrid } from './grid.ts';
import { Tile } from './tile.tsx';
import { useSpeakers } from './use-speakers.ts';
import './stage.css';

/** What the viewer wishes of the stage; kept by the room, as controls and shortcuts change it too. */
export interface StageChoices {
  readonly layout: 'grid' | 'speaker';
  readonly pinned: string | null;
  readonly page: number;
  readonly showSelf: boolean;
  readonly soundOnly: boolean;
}

interface StageProps {
  readonly state: RoomState;
  readonly choices: StageChoices;
  readonly view: ViewReporter;
  readonly onPin: (key: string | null) => void;
  readonly onPage: (page: number) => void;
}

/** Everybody in the room: a grid of equals, or one in front and the others beside. */
export function Stage({ state, choices, view, onPin, onPage }: StageProps) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const { held, lastSpoke } = useSpeakers(state);
  const arrangement = arrange(state, { ...choices, speaker: held });
  const { featured } = arrangement;

  const inFront = choices.pinned !== null || featured?.source === 'screen' ? featured?.video?.id : undefined;
  const isLaidOut = size !== null;
  useEffect(() => {
    // Nothing is on display yet, which is no wish to see nothing.
    if (isLaidOut) view.setWishes({ soundOnly: choices.soundOnly, pinned: inFront ?? null });
  }, [view, choices.soundOnly, inFront, isLaidOut]);

  const renderTile = (tile: TileModel, isFeatured = false) => (
    <Tile
      tile={tile}
      isFeatured={isFeatured}
      isSpeaking={tile.participant.id === state.dominantSpeaker}
      isPinned={tile.key === choices.pinned}
      showPictures={!choices.soundOnly}
      view={view}
      onPin={onPin}
    />
  );

  return (
    <section ref={box} className="stage" aria-label={text('room.stage')} data-testid={TEST_IDS.stage}>
      {size &&
        (featured ? (
          <InFront size={size} featured={featured} others={arrangement.tiles} renderTile={renderTile} />
        ) : (
          <Equals
            size={size}
            arrangement={arrangement}
            lastSpoke={lastSpoke}
            page={choices.page}
            onPage={onPage}
            renderTile={renderTile}
          />
        ))}
    </section>
  );
}

type RenderTile = (tile: TileModel, isFeatured?: boolean) => ReactNode;

interface EqualsProps {
  readonly size: Size;
  readonly arrangement: Arrangement;
  readonly lastSpoke: ReadonlyMap<string, number>;
  readonly page: number;
  readonly onPage: (page: number) => void;
  readonly renderTile: RenderTile;
}

function Equals({ size, arrangement, lastSpoke, page: wishedPage, onPage, renderTile }: EqualsProps) {
  const { tiles, corner } = arrangement;
  const grid = pagedGrid(tiles.length, size);
  const page = Math.min(wishedPage, grid.pages - 1);
  const ordered = grid.pages > 1 ? bringForward(tiles, grid.perPage, lastSpoke) : tiles;
  // Turned beyond the last page, or pages have become fewer: the next turn starts from what is seen. At once and after
  // every render, as the same wish can come again before anything is painted.
  useLayoutEffect(() => {
    if (page !== wishedPage) onPage(page);
  });
  const shown = ordered.slice(page * grid.perPage, (page + 1) * grid.perPage);
  const tileSize: CSSProperties = { width: grid.tileWidth, height: grid.tileHeight };

  return (
    <>
      <ul className="stage__grid" style={{ maxWidth: grid.columns * (grid.tileWidth + GAP) - GAP }}>
        {shown.map((tile) => (
          <li key={tile.key} style={tileSize}>
            {renderTile(tile)}
          </li>
        ))}
      </ul>
      {corner && <div className="stage__corner">{renderTile(corner)}</div>}
      {grid.pages > 1 && <Pager page={page} pages={grid.pages} onPage={onPage} />}
    </>
  );
}

interface InFrontProps {
  readonly size: Size;
  readonly featured: TileModel;
  readonly others: readonly TileModel[];
  readonly renderTile: RenderTile;
}

function InFront({ size, featured, others, renderTile }: InFrontProps) {
  const side = size.width > size.height * 1.1 ? 'end' : 'bottom';
  return (
    <div className={`stage__front stage__front--${side}`}>
      <div className="stage__featured">{renderTile(featured, true)}</div>
      {others.length > 0 && (
        <ul className="stage__strip" tabIndex={-1}>
          {others.map((tile) => (
            <li key={tile.key}>{renderTile(tile)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const text = useText();
  return (
    <div className="stage__pager" data-testid={TEST_IDS.pager}>
      <IconButton
        label={text('room.pagePrevious')}
        data-testid={TEST_IDS.pagePrevious}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      >
        <ChevronLeft size={20} aria-hidden="true" />
      </IconButton>
      <span role="status">{text('room.page', { page: page + 1, pages })}</span>
      <IconButton
        label={text('room.pageNext')}
        data-testid={TEST_IDS.pageNext}
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
      >
        <ChevronRight size={20} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
