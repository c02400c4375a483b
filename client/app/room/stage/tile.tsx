import { Crown, Hand, MicOff, Pin, PinOff, Sparkles } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import type { Role } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useLasting } from '../../ui/use-lasting.ts';
import { Video } from '../../ui/video.tsx';
import { WeakSignal } from '../../ui/weak-signal.tsx';
import type { ViewReporter } from '../view/view-reporter.ts';
import type { TileModel } from './arrangement.ts';
import { VoiceRing } from './voice-ring.tsx';
import { FullScreenButton, PictureInPictureButton } from './tile-buttons.tsx';
import './tile.css';

/** Held back for longer than this, in ms, a picture is no picture any more; shorter is a change of layers or pages. */
const HELD_BACK_MS = 2_000;

interface TileProps {
  readonly tile: TileModel;
  readonly isSpeaking: boolean;
  readonly isPinned: boolean;
  readonly isFeatured?: boolean;
  /** Whether pictures of others are wanted. */
  readonly showPictures: boolean;
  readonly view: ViewReporter;
  readonly onPin: (key: string | null) => void;
}

/** One person or one screen, with all that is known of it. */
export const Tile = memo(DrawnTile, isDrawnAlike);

/** Tiles are made anew for every change in the room; what they are made of is not. */
function isDrawnAlike({ tile: before, ...rest }: TileProps, { tile: after, ...others }: TileProps): boolean {
  return isShallowEqual(before, after) && isShallowEqual(rest, others);
}

function isShallowEqual<T extends object>(a: T, b: T): boolean {
  const entries = new Map(Object.entries(b));
  return Object.entries(a).every(([key, value]) => Object.is(value, entries.get(key)));
}

function DrawnTile({ tile, isSpeaking, isPinned, isFeatured = false, showPictures, view, onPin }: TileProps) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { participant, isSelf, source } = tile;
  const publication = showPictures || isSelf ? tile.video : null;
  const wanted = isSelf ? undefined : publication?.id;

  useEffect(() => {
    if (wanted === undefined || !box.current) return undefined;
    return view.show(wanted, box.current);
  }, [view, wanted]);

  const isScreen = source === 'screen';
  // A picture that stands still while its sender is gone looks like a rude silence: better none.
  const isAway = !participant.connected && !isSelf;
  const isHeldBack = useLasting(!isSelf && publication?.paused === true, HELD_BACK_MS);
  const track = publication?.track ?? null;
  const picture = isAway || isHeldBack ? null : track;
  const name = nameOf(tile, text);
  const pinLabel = text(isPinned ? 'room.unpin' : 'room.pin', { name });

  return (
    <div
      ref={box}
      className="tile"
      role="group"
      aria-label={name}
      data-testid={TEST_IDS.tile}
      data-participant-id={participant.id}
      data-publication-id={publication?.id}
      data-source={source}
      data-self={isSelf || undefined}
      data-speaking={(isSpeaking && !isScreen) || undefined}
      data-featured={isFeatured || undefined}
      data-pinned={isPinned || undefined}
      data-muted={tile.isMuted || undefined}
    >
      {/* Behind the picture as well: seen until its first frame is there. */}
      <span className="tile__empty">
        <VoiceRing track={tile.voice}>
          <Avatar participant={participant} />
        </VoiceRing>
        {participant.held && <span className="tile__note">{text('room.onHold')}</span>}
        {isAway && <span className="tile__note">{text('room.away')}</span>}
        {!isAway && isHeldBack && <span className="tile__note">{text('room.pausedForBandwidth')}</span>}
      </span>
      {picture && <Video track={picture} element={video} className="tile__video" />}

      <TileFlags tile={tile} isSpeaking={isSpeaking} />

      <div className="tile__name">
        {!isScreen && tile.isMuted && (
          <MicOff className="tile__muted" size={16} role="img" aria-label={text('room.muted')} />
        )}
        <span className="tile__name-text" dir="auto">
          {name}
        </span>
        {!isScreen && <RoleMark role={participant.role} />}
        {isPinned && <Pin size={14} role="img" aria-label={text('room.pinned')} />}
      </div>

      <div className="tile__actions">
        {picture && !isSelf && <PictureInPictureButton video={video} view={view} box={box} />}
        {track && (isScreen || isFeatured) && <FullScreenButton box={box} />}
        <IconButton
          label={pinLabel}
          hintSide="bottom"
          hintAlign="end"
          aria-pressed={isPinned}
          data-testid={TEST_IDS.pin}
          onClick={() => onPin(isPinned ? null : tile.key)}
        >
          {isPinned ? <PinOff size={18} aria-hidden="true" /> : <Pin size={18} aria-hidden="true" />}
        </IconButton>
      </div>
    </div>
  );
}

/** Marks at the upper edge: a raised hand, and a connection that is not good. */
function TileFlags({ tile, isSpeaking }: Pick<TileProps, 'tile' | 'isSpeaking'>) {
  const text = useText();
  const { participant, source } = tile;
  if (source === 'screen') return null;
  const quality = participant.quality;
  return (
    <div className="tile__flags">
      {isSpeaking && <span className="visually-hidden">{text('room.speaking')}</span>}
      {participant.handRaisedAt !== null && (
        <span className="tile__flag tile__flag--hand">
          <Hand size={18} role="img" aria-label={text('room.handRaised')} />
        </span>
      )}
      {tile.isSpotlit && (
        <span className="tile__flag">
          <Sparkles size={18} role="img" aria-label={text('room.spotlit')} />
        </span>
      )}
      {quality !== 'good' && (
        <span className={`tile__flag tile__flag--${quality}`}>
          <WeakSignal quality={quality} />
        </span>
      )}
    </div>
  );
}

/** Who leads the room can be told from the others. */
function RoleMark({ role }: { readonly role: Role }) {
  const text = useText();
  if (role !== 'host' && role !== 'cohost') return null;
  return <Crown size={14} role="img" aria-label={text(role === 'host' ? 'role.host' : 'role.cohost')} />;
}

function nameOf({ participant, isSelf, source }: TileModel, text: ReturnType<typeof useText>): string {
  if (source === 'screen')
    return isSelf ? text('room.yourScreen') : text('room.sharesScreen', { name: participant.name });
  return isSelf ? text('room.nameAndYou', { name: participant.name }) : participant.name;
}
