import { CalendarPlus, Check, Copy } from 'lucide-react';
import type { RoomInfo } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { roomLink } from '../../links.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ByPhone } from '../by-phone.tsx';
import { useCopy } from '../invitation.tsx';
import { beginText, invitationText } from '../invitation-texts.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import './invite.css';

interface InviteProps {
  readonly room: RoomInfo;
  readonly notices: NoticeBoard;
  readonly onClose: () => void;
}

/** All ways into the room, ready to be sent to somebody. */
export function Invite({ room, notices, onClose }: InviteProps) {
  const text = useText();
  const link = roomLink(room.name);
  const invitation = invitationText(room, link, text);
  const { copy, isCopied } = useCopy(invitation, notices, text('invite.textCopied'));
  const { number, startsAt } = room;
  const saveEntry = async (at: number): Promise<void> => {
    const { calendarFile } = await import('../calendar-file.ts');
    saveFile(calendarFile(room, at, link, invitation, Date.now()));
  };
  return (
    <Dialog heading={text('invite.heading')} testId={TEST_IDS.invite} onClose={onClose}>
      <dl className="invite">
        {startsAt !== null && (
          <>
            <dt>{text('invite.begins')}</dt>
            <dd className="invite__time">{beginText(startsAt, text)}</dd>
          </>
        )}
        <dt>{text('invite.link')}</dt>
        <dd className="invite__link">{link}</dd>
        {number !== null && (
          <>
            <dt>{text('invite.number')}</dt>
            <dd>
              <ByPhone room={room} />
            </dd>
          </>
        )}
      </dl>
      <div className="invite__actions">
        <button type="button" className="button button--primary" onClick={() => void copy()}>
          {isCopied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
          {text(isCopied ? 'invite.textCopied' : 'invite.copyText')}
        </button>
        {startsAt !== null && (
          <button type="button" className="button" onClick={() => void saveEntry(startsAt)}>
            <CalendarPlus size={18} aria-hidden="true" />
            {text('invite.calendar')}
          </button>
        )}
      </div>
    </Dialog>
  );
}
