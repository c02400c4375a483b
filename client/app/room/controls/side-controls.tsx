import { MessageSquareText, Users } from 'lucide-react';
import type { RoomState } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { PanelName } from '../use-room-view.ts';

/** A number that no badge is wide enough for. */
const MAX_SHOWN = 99;

interface SideControlsProps {
  readonly state: RoomState;
  readonly panel: PanelName | null;
  readonly unread: number;
  readonly onPanel: (panel: PanelName) => void;
}

/** Opens what is beside the stage. */
export function SideControls({ state, panel, unread, onPanel }: SideControlsProps) {
  const text = useText();
  const { length: count } = state.participants;
  const isAwaited = state.knocks.length > 0;
  const hands = state.participants.filter(({ handRaisedAt }) => handRaisedAt !== null).length;
  return (
    <div className="room__side">
      <IconButton
        className="control control--toggle"
        label={[
          text('controls.peopleCount', { count }),
          ...(isAwaited ? [text('door.knocks', { count: state.knocks.length })] : []),
        ].join('. ')}
        hintAlign="end"
        aria-expanded={panel === 'people'}
        data-on={panel === 'people' || undefined}
        data-testid={TEST_IDS.people}
        onClick={() => onPanel('people')}
      >
        <Users aria-hidden="true" />
        <span
          className={`control__badge ${isAwaited ? 'control__badge--news' : hands > 0 ? 'control__badge--hand' : ''}`}
          aria-hidden="true"
        >
          {Math.min(isAwaited ? state.knocks.length : count, MAX_SHOWN)}
        </span>
      </IconButton>
      <IconButton
        className="control control--toggle"
        label={unread > 0 ? text('controls.chatUnread', { count: unread }) : text('controls.chat')}
        hintAlign="end"
        aria-expanded={panel === 'chat'}
        data-on={panel === 'chat' || undefined}
        data-testid={TEST_IDS.chat}
        onClick={() => onPanel('chat')}
      >
        <MessageSquareText aria-hidden="true" />
        {unread > 0 && (
          <span className="control__badge control__badge--news" aria-hidden="true">
            {Math.min(unread, MAX_SHOWN)}
          </span>
        )}
      </IconButton>
    </div>
  );
}
