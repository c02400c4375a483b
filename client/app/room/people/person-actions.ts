/** What one may do with somebody in a room: no more than the server would let one, and only what changes something. */
import type { ParticipantInfo, Role, RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';
import { ownParticipant } from '../../media/follow-rules.ts';
import { audiencesOf, mayWriteTo } from '../chat/audiences.ts';

export type PersonAction =
  | 'mute'
  | 'muteFirmly'
  | 'askToUnmute'
  | 'allow'
  | 'giveFloor'
  | 'takeFloor'
  | 'lowerHand'
  | 'hold'
  | 'resume'
  | 'stopCamera'
  | 'stopCameraFirmly'
  | 'stopScreen'
  | 'inviteToStage'
  | 'putOffStage'
  | 'spotlight'
  | 'unspotlight'
  | 'write'
  | 'rename'
  | 'makeHost'
  | 'makeCohost'
  | 'makeParticipant'
  | 'makeViewer'
  | 'remove'
  | 'ban';

/** In the order of the menu: lines between the groups. */
export function actionsFor(state: RoomState, person: ParticipantInfo): PersonAction[][] {
  const own = ownParticipant(state);
  if (!own || !state.room) return [];
  const isSelf = own.id === person.id;
  // Hosts act on everybody; co-hosts on those who could not do the same to them.
  const mayActOn = isSelf || may(own.role, 'name-hosts') || !may(person.role, 'moderate');
  const groups: PersonAction[][] = [
    mayActOn && !isSelf && may(own.role, 'moderate') ? mediaActions(state, person) : [],
    may(own.role, 'spotlight') ? [state.room.spotlight === person.id ? 'unspotlight' : 'spotlight'] : [],
    !isSelf && mayWriteTo(audiencesOf(state), { participantId: person.id }) ? ['write'] : [],
    [
      ...when(!isSelf && mayActOn && may(own.role, 'rename-others'), 'rename'),
      ...(may(own.role, 'name-hosts') ? roleActions(state, person) : []),
    ],
    !isSelf && mayActOn && may(own.role, 'remove') ? ['remove', 'ban'] : [],
  ];
  return groups.filter((group) => group.length > 0);
}

/** What is done to what somebody sends, or may send. */
function mediaActions({ publications, room }: RoomState, person: ParticipantInfo): PersonAction[] {
  // One who is held hears nobody: what else would be asked is asked afterwards.
  if (person.held) return ['resume', ...when(person.handRaisedAt !== null, 'lowerHand')];
  const has = (source: 'microphone' | 'camera' | 'screen'): boolean =>
    publications.some(
      (publication) =>
        publication.participantId === person.id && publication.source === source && !publication.muted,
    );
  const isHeard = has('microphone');
  const isSeen = has('camera');
  const isViewer = !may(person.role, 'publish');
  const isHost = may(person.role, 'moderate');
  const rules = room?.settings.allowed ?? [];
  const lacks = (source: 'microphone' | 'camera'): boolean => !person.allowed.includes(source);
  const isForbidden = (['microphone', 'camera'] as const).some(
    (source) => lacks(source) && rules.includes(source),
  );
  const hasFloor =
    !isHost && !isViewer && person.allowed.includes('microphone') && !rules.includes('microphone');
  return [
    ...when(isHeard, 'mute'),
    ...when(isHeard && !isHost, 'muteFirmly'),
    ...when(!isHeard && !isViewer && !lacks('microphone'), 'askToUnmute'),
    ...when(!isViewer && isForbidden, 'allow'),
    ...when(!isViewer && !isHost && lacks('microphone'), 'giveFloor'),
    ...when(hasFloor, 'takeFloor'),
    ...when(person.handRaisedAt !== null, 'lowerHand'),
    ...when(person.kind === 'phone', 'hold'),
    ...when(isSeen, 'stopCamera'),
    ...when(isSeen && !isHost, 'stopCameraFirmly'),
    ...when(has('screen'), 'stopScreen'),
    ...when(isViewer, 'inviteToStage'),
    ...when(!isViewer && !isHost && room?.settings.defaultRole === 'viewer', 'putOffStage'),
  ];
}

const MAKES = {
  host: 'makeHost',
  cohost: 'makeCohost',
  participant: 'makeParticipant',
  viewer: 'makeViewer',
} as const satisfies Record<Role, PersonAction>;

function roleActions({ participants }: RoomState, { role, kind }: ParticipantInfo): PersonAction[] {
  // A room keeps at least one.
  if (role === 'host' && participants.filter((other) => other.role === 'host').length === 1) return [];
  const offered: readonly Role[] = ['host', 'cohost', 'participant', 'viewer'];
  return offered
    .filter((other) => other !== role && !(other === 'host' && kind === 'phone'))
    .map((other) => MAKES[other]);
}

function when(condition: boolean, action: PersonAction): PersonAction[] {
  return condition ? [action] : [];
}
