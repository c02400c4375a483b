import { DoorOpen, OctagonX, PhoneOff } from 'lucide-react';
import type { RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuLine } from './menu.tsx';

interface LeaveButtonProps {
  readonly state: RoomState;
  readonly onLeave: () => void;
  /** The room is to end for everybody. */
  readonly onEnd: () => void;
}

/** Leaves with one click; hosts who are not alone are asked whether the room goes on without them. */
export function LeaveButton({ state, onLeave, onEnd }: LeaveButtonProps) {
  const text = useText();
  const mayEnd = may(state.self?.role ?? 'viewer', 'end-room') && state.participants.length > 1;
  if (!mayEnd)
    return (
      <IconButton
        className="control control--leave"
        label={text('controls.leave')}
        data-testid={TEST_IDS.leave}
        onClick={onLeave}
      >
        <PhoneOff aria-hidden="true" />
      </IconButton>
    );
  return (
    <Menu
      label={text('leave.label')}
      icon={<PhoneOff aria-hidden="true" />}
      buttonClass="control control--leave"
      hintAlign="end"
      testId={TEST_IDS.leave}
    >
      <MenuLine
        label={text('leave.leave')}
        icon={<DoorOpen size={20} aria-hidden="true" />}
        testId={TEST_IDS.leaveRoom}
        onClick={onLeave}
      />
      <MenuLine
        label={text('leave.end')}
        icon={<OctagonX size={20} aria-hidden="true" />}
        isDanger
        testId={TEST_IDS.endRoom}
        onClick={onEnd}
      />
    </Menu>
  );
}
