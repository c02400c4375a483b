import { EllipsisVertical } from 'lucide-react';
import { Fragment } from 'react';
import type { Host, ParticipantInfo, RoomState } from '../../../sdk/types.ts';
import { useText, type PlainTextKey } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import type { RoomActions } from '../actions.ts';
import { Menu, MenuDivider, MenuLine } from '../controls/menu.tsx';
import type { ViewChanges } from '../use-room-view.ts';
import { actionsFor, type PersonAction } from './person-actions.ts';

const LABELS = {
  mute: 'person.mute',
  muteFirmly: 'person.muteFirmly',
  askToUnmute: 'person.askToUnmute',
  allow: 'person.allow',
  giveFloor: 'person.giveFloor',
  takeFloor: 'person.takeFloor',
  lowerHand: 'person.lowerHand',
  hold: 'person.hold',
  resume: 'person.resume',
  stopCamera: 'person.stopCamera',
  stopCameraFirmly: 'person.stopCameraFirmly',
  stopScreen: 'person.stopScreen',
  inviteToStage: 'person.inviteToStage',
  putOffStage: 'person.putOffStage',
  spotlight: 'person.spotlight',
  unspotlight: 'person.unspotlight',
  write: 'person.write',
  rename: 'person.rename',
  makeHost: 'person.makeHost',
  makeCohost: 'person.makeCohost',
  makeParticipant: 'person.makeParticipant',
  makeViewer: 'person.makeViewer',
  remove: 'person.remove',
  ban: 'person.ban',
} as const satisfies Record<PersonAction, PlainTextKey>;

/** What is said of a telephone, where that is something else. */
const PHONE_LABELS: { readonly [A in PersonAction]?: PlainTextKey } = {
  allow: 'person.allowToSpeak',
  remove: 'person.hangUp',
};

interface PersonMenuProps {
  readonly state: RoomState;
  readonly person: ParticipantInfo;
  readonly actions: RoomActions;
  readonly changes: ViewChanges;
}

/** What one may do with somebody; nothing is shown where that is nothing. */
export function PersonMenu({ state, person, actions, changes }: PersonMenuProps) {
  const text = useText();
  const groups = actionsFor(state, person);
  if (groups.length === 0) return null;
  const labels = person.kind === 'phone' ? { ...LABELS, ...PHONE_LABELS } : LABELS;
  return (
    <Menu
      label={text('person.menu', { name: person.name })}
      icon={<EllipsisVertical size={18} aria-hidden="true" />}
      buttonClass="people__more"
      hintAlign="end"
      testId={TEST_IDS.personMenu}
    >
      {groups.map((group, index) => (
        <Fragment key={group.join()}>
          {index > 0 && <MenuDivider />}
          {group.map((action) => (
            <MenuLine
              key={action}
              label={text(labels[action])}
              isDanger={action === 'remove' || action === 'ban'}
              testId={`person-${action}`}
              onClick={() => run(action, person, actions, changes)}
            />
          ))}
        </Fragment>
      ))}
    </Menu>
  );
}

function run(
  action: PersonAction,
  { id: participantId }: ParticipantInfo,
  actions: RoomActions,
  changes: ViewChanges,
): void {
  switch (action) {
    case 'write':
      changes.writeTo({ participantId });
      return;
    case 'rename':
    case 'remove':
    case 'ban':
      changes.setDialog({ name: action, participantId });
      return;
    default:
      void actions.asHost((host) => asked(host, action, participantId));
  }
}

/** What is done at once, without a question in between. */
function asked(
  host: Host,
  action: Exclude<PersonAction, 'write' | 'rename' | 'remove' | 'ban'>,
  participantId: string,
): Promise<void> {
  const target = { participantId };
  switch (action) {
    case 'mute':
      return host.mute(target, true);
    case 'muteFirmly':
      return host.mute(target, false);
    case 'askToUnmute':
      return host.askToUnmute(target);
    case 'allow':
      return host.allow(target, ['microphone', 'camera']);
    case 'giveFloor':
      return host.giveFloor(participantId);
    case 'takeFloor':
      return host.takeFloor(participantId);
    case 'lowerHand':
      return host.lowerHand(target);
    case 'hold':
      return host.hold(participantId, true);
    case 'resume':
      return host.hold(participantId, false);
    case 'stopCamera':
      return host.stopCamera(target, true);
    case 'stopCameraFirmly':
      return host.stopCamera(target, false);
    case 'stopScreen':
      return host.stopScreen(target);
    case 'inviteToStage':
      return host.inviteToStage(participantId);
    case 'putOffStage':
      return host.putOffStage(participantId);
    case 'spotlight':
      return host.spotlight(participantId);
    case 'unspotlight':
      return host.spotlight(null);
    case 'makeHost':
      return host.setRole(participantId, 'host');
    case 'makeCohost':
      return host.setRole(participantId, 'cohost');
    case 'makeParticipant':
      return host.setRole(participantId, 'participant');
    case 'makeViewer':
      return host.setRole(participantId, 'viewer');
  }
}
