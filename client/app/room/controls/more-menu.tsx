import {
  Activity,
  EllipsisVertical,
  GalleryVertical,
  Headphones,
  Keyboard,
  LayoutGrid,
  Maximize,
  Minimize,
  PhoneOutgoing,
  Settings,
  SlidersHorizontal,
  SquareUserRound,
  UserPlus,
} from 'lucide-react';
import type { RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { canFullScreen, toggleFullScreen, useFullScreen } from '../../ui/full-screen.ts';
import type { StageChoices } from '../stage/stage.tsx';
import type { ViewChanges } from '../use-room-view.ts';
import { Menu, MenuChoice, MenuDivider, MenuLine, MenuSwitch } from './menu.tsx';

interface MoreMenuProps {
  readonly state: RoomState;
  readonly choices: StageChoices;
  readonly changes: ViewChanges;
  readonly onShowSelf: (showSelf: boolean) => void;
}

/** What is needed now and then: how the room is looked at, settings, figures, help. */
export function MoreMenu({ state, choices, changes, onShowSelf }: MoreMenuProps) {
  const text = useText();
  const isFull = useFullScreen();
  return (
    <Menu
      label={text('controls.more')}
      icon={<EllipsisVertical aria-hidden="true" />}
      buttonClass="control"
      testId={TEST_IDS.more}
    >
      <MenuLine
        label={text('invite.open')}
        icon={<UserPlus size={20} aria-hidden="true" />}
        onClick={() => changes.setDialog({ name: 'invite' })}
        testId={TEST_IDS.openInvite}
      />
      {state.room?.callsOut && (
        <MenuLine
          label={text('calls.open')}
          icon={<PhoneOutgoing size={20} aria-hidden="true" />}
          onClick={() => changes.setDialog({ name: 'call' })}
          testId={TEST_IDS.openCalls}
        />
      )}
      {may(state.self?.role ?? 'viewer', 'change-room') && (
        <MenuLine
          label={text('roomSettings.open')}
          icon={<SlidersHorizontal size={20} aria-hidden="true" />}
          onClick={() => changes.setDialog({ name: 'room-settings' })}
          testId={TEST_IDS.openRoomSettings}
        />
      )}
      <MenuDivider />
      <MenuChoice
        heading={text('controls.layout')}
        value={choices.layout}
        onChoose={changes.setLayout}
        choices={[
          {
            value: 'grid',
            label: text('controls.layoutGrid'),
            icon: <LayoutGrid size={20} aria-hidden="true" />,
            testId: TEST_IDS.layoutGrid,
          },
          {
            value: 'speaker',
            label: text('controls.layoutSpeaker'),
            icon: <GalleryVertical size={20} aria-hidden="true" />,
            testId: TEST_IDS.layoutSpeaker,
          },
        ]}
      />
      <MenuDivider />
      <MenuSwitch
        label={text('controls.selfView')}
        icon={<SquareUserRound size={20} aria-hidden="true" />}
        isOn={choices.showSelf}
        onChange={onShowSelf}
        testId={TEST_IDS.selfView}
      />
      <MenuSwitch
        label={text('controls.audioOnly')}
        icon={<Headphones size={20} aria-hidden="true" />}
        isOn={choices.soundOnly}
        onChange={changes.setSoundOnly}
        testId={TEST_IDS.soundOnly}
      />
      {canFullScreen() && (
        <MenuLine
          label={text(isFull ? 'controls.exitFullScreen' : 'controls.fullScreen')}
          icon={
            isFull ? <Minimize size={20} aria-hidden="true" /> : <Maximize size={20} aria-hidden="true" />
          }
          keyHint="F"
          onClick={() => void toggleFullScreen()}
          testId={TEST_IDS.fullScreen}
        />
      )}
      <MenuDivider />
      <MenuLine
        label={text('controls.stats')}
        icon={<Activity size={20} aria-hidden="true" />}
        keyHint="I"
        onClick={() => changes.setPanel('stats')}
        testId={TEST_IDS.openStats}
      />
      <MenuLine
        label={text('controls.shortcuts')}
        icon={<Keyboard size={20} aria-hidden="true" />}
        keyHint="?"
        onClick={() => changes.setDialog({ name: 'shortcuts' })}
        testId={TEST_IDS.openShortcuts}
      />
      <MenuLine
        label={text('controls.settings')}
        icon={<Settings size={20} aria-hidden="true" />}
        onClick={() => changes.setDialog({ name: 'settings' })}
        testId={TEST_IDS.openSettings}
      />
    </Menu>
  );
}
