import { Check, Copy, Share2 } from 'lucide-react';
import { useState } from 'react';
import type { Dial, RoomInfo } from '../../sdk/types.ts';
import { useText } from '../i18n/text.ts';
import { roomLink } from '../links.ts';
import { ByPhone } from './by-phone.tsx';
import { STATE_TEXTS, isUnderWay } from './calls/calls.ts';
import type { NoticeBoard } from './notices/notice-board.ts';
import './invitation.css';

interface InvitationProps {
  readonly room: RoomInfo;
  readonly dials: readonly Dial[];
  readonly notices: NoticeBoard;
}

/** For somebody who is alone in a room: who is being called, or that nobody is here; the ways in, and how to send them. */
export function Invitation({ room, dials, notices }: InvitationProps) {
  const text = useText();
  const link = roomLink(room.name);
  const { copy, isCopied } = useCopy(link, notices);
  const call = dials.filter(isUnderWay).at(-1);
  return (
    <section className="invitation" aria-labelledby="invitation">
      <h2 id="invitation" className="invitation__heading">
        {call
          ? text('calls.told', { number: call.destination, state: text(STATE_TEXTS[call.state]) })
          : text('room.alone')}
      </h2>
      {!call && <p className="invitation__hint">{text('room.aloneHint')}</p>}
      <p className="invitation__link">{link}</p>
      {room.dialIn.length > 0 && <ByPhone room={{ ...room, dialIn: room.dialIn.slice(0, 1) }} />}
      <div className="invitation__actions">
        <button type="button" className="button button--primary button--small" onClick={() => void copy()}>
          {isCopied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
          {text(isCopied ? 'room.copied' : 'room.copyLink')}
        </button>
        {'share' in navigator && (
          <button type="button" className="button button--small" onClick={() => void share(link)}>
            <Share2 size={18} aria-hidden="true" />
            {text('room.share')}
          </button>
        )}
      </div>
    </section>
  );
}

/** How long the button says that it has copied, in ms. */
const SAID_MS = 2_500;

/** Copies a text, and says so; where the browser refuses, a notice tells. @param said instead of that it was a link */
export function useCopy(
  value: string,
  notices: NoticeBoard,
  said?: string,
): { copy: () => Promise<void>; isCopied: boolean } {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
      notices.announce(said ?? text('room.copied'));
      setTimeout(() => setCopied(false), SAID_MS);
    } catch {
      // No permission, or a page without HTTPS.
      notices.show((now) => now('room.copyFailed'), 'warning');
    }
  };
  return { copy, isCopied };
}

async function share(url: string): Promise<void> {
  try {
    await navigator.share({ url });
  } catch (error) {
    // Closed without sending: nothing to tell.
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }
}
