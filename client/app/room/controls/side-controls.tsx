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
  const { length: knocks } = state.knocks;
  const hands = state.participants.filter(({ handRaisedAt }) => handRaisedAt !== null).length;
  const badge =
    knocks > 0
      ? { count: knocks, look: 'control__badge--news' }
      : hands > 0
        ? { count: hands, look: 'control__badge--hand' }
        : { count, look: '' };
  return (
    <div className="room__side">
      <IconButton
        className="control control--toggle"
        label={[
          text('controls.peopleCount', { count }),
          ...(hands > 0 ? [text('hands.up', { count: hands })] : []),
          ...(knocks > 0 ? [text('door.knocks', { count: knocks })] : []),
        ].join('. ')}
        hintAlign="end"
        aria-expanded={panel === 'people'}
        data-on={panel === 'people' || undefined}
        data-testid={TEST_IDS.people}
        onClick={() => onPanel('people')}
      >
        <Users aria-hidden="true" />
        <span className={`control__badge ${badge.look}`} aria-hidden="true">
          {Math.min(badge.count, MAX_SHOWN)}
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
