import { EllipsisVertical } from 'lucide-react';
import type { Host, RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { useText, type PlainTextKey } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import type { RoomActions } from '../actions.ts';
import { Menu, MenuDivider, MenuLine } from '../controls/menu.tsx';

const FOR_ALL: readonly {
  readonly label: PlainTextKey;
  readonly testId: string;
  readonly act: (host: Host) => Promise<void>;
}[] = [
  { label: 'all.mute', testId: TEST_IDS.muteAll, act: (host) => host.mute('all', true) },
  { label: 'all.muteFirmly', testId: TEST_IDS.muteAllFirmly, act: (host) => host.mute('all', false) },
  { label: 'all.allow', testId: TEST_IDS.allowAll, act: (host) => host.allow('all', ['microphone']) },
  { label: 'all.askToUnmute', testId: TEST_IDS.askAll, act: (host) => host.askToUnmute('all') },
  { label: 'all.stopCameras', testId: TEST_IDS.stopCameras, act: (host) => host.stopCamera('all', true) },
  {
    label: 'all.stopCamerasFirmly',
    testId: TEST_IDS.stopCamerasFirmly,
    act: (host) => host.stopCamera('all', false),
  },
  { label: 'all.allowCameras', testId: TEST_IDS.allowCameras, act: (host) => host.allow('all', ['camera']) },
  { label: 'all.stopScreens', testId: TEST_IDS.stopScreens, act: (host) => host.stopScreen('all') },
  { label: 'all.lowerHands', testId: TEST_IDS.lowerHands, act: (host) => host.lowerHand('all') },
];

interface AllMenuProps {
  readonly state: RoomState;
  readonly actions: RoomActions;
}

/** What hosts do with everybody at once, and what they take along. */
export function AllMenu({ state, actions }: AllMenuProps) {
  const text = useText();
  const role = state.self?.role ?? 'viewer';
  const mayModerate = may(role, 'moderate');
  const mayExport = may(role, 'export');
  if (!mayModerate && !mayExport) return null;
  return (
    <Menu
      label={text('person.allMenu')}
      icon={<EllipsisVertical size={20} aria-hidden="true" />}
      hintSide="bottom"
      hintAlign="end"
      testId={TEST_IDS.allMenu}
    >
      {mayModerate &&
        FOR_ALL.map(({ label: key, testId, act }) => (
          <MenuLine key={key} label={text(key)} testId={testId} onClick={() => void actions.asHost(act)} />
        ))}
      {mayModerate && mayExport && <MenuDivider />}
      {mayExport && (
        <>
          <MenuLine
            label={text('all.attendance')}
            testId={TEST_IDS.saveAttendance}
            onClick={() => void actions.saveAttendance()}
          />
          <MenuLine
            label={text('all.chat')}
            testId={TEST_IDS.saveChat}
            onClick={() => void actions.saveChat()}
          />
        </>
      )}
    </Menu>
  );
}
