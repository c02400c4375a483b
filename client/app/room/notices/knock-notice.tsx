import type { RoomState } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import type { RoomActions } from '../actions.ts';
import { NoticeBox } from './notice-box.tsx';

interface KnockNoticeProps {
  readonly knocks: RoomState['knocks'];
  readonly actions: RoomActions;
  /** Shows all who wait. */
  readonly onShow: () => void;
}

/** For hosts: who is at the door, with what can be done about it at once. */
export function KnockNotice({ knocks, actions, onShow }: KnockNoticeProps) {
  const text = useText();
  const [first] = knocks;
  if (!first) return null;
  const isOne = knocks.length === 1;
  return (
    <NoticeBox tone="info" cause="knock">
      <p>
        {isOne ? text('door.knock', { name: first.name }) : text('door.knocks', { count: knocks.length })}
      </p>
      <span className="notices__actions">
        <button
          type="button"
          className="button button--small"
          onClick={() => {
            if (isOne) void actions.asHost((host) => host.deny([first.id]));
            else onShow();
          }}
        >
          {text(isOne ? 'door.deny' : 'door.show')}
        </button>
        <button
          type="button"
          className="button button--primary button--small"
          data-testid={TEST_IDS.admitFromNotice}
          onClick={() => void actions.asHost((host) => host.admit(isOne ? [first.id] : 'all'))}
        >
          {text(isOne ? 'door.admit' : 'door.admitAll')}
        </button>
      </span>
    </NoticeBox>
  );
}
