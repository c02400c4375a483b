import { Check, Copy, Lock } from 'lucide-react';
import { useText } from '../../i18n/text.ts';
import { roomLink } from '../../links.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useCopy } from '../invitation.tsx';
import type { NoticeBoard } from '../notices/notice-board.ts';

interface RoomInfoProps {
  readonly room: string;
  readonly isLocked: boolean;
  readonly notices: NoticeBoard;
}

/** Where one is, and the link to bring others. */
export function RoomInfo({ room, isLocked, notices }: RoomInfoProps) {
  const text = useText();
  const { copy, isCopied } = useCopy(roomLink(room), notices);
  return (
    <header className="room__info">
      <span className="room__name" title={room} dir="auto">
        {room}
      </span>
      {isLocked && <Lock size={16} role="img" aria-label={text('room.locked')} />}
      <IconButton
        label={text(isCopied ? 'room.copied' : 'room.copyLink')}
        data-testid={TEST_IDS.copyLink}
        onClick={() => void copy()}
      >
        {isCopied ? <Check size={20} aria-hidden="true" /> : <Copy size={20} aria-hidden="true" />}
      </IconButton>
    </header>
  );
}
