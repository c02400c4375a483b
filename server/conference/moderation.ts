/** What hosts do to others in a room, one or all. */
import type { ModerationRequest, Moderator, RoomEvent } from '../signalling/contract.ts';
import { ConferenceError } from './errors.ts';
import type { ParticipantId } from './model.ts';
import type { Participant } from './participant.ts';
import { may, requireRank } from './roles.ts';
import type { Empowered, Power, Role } from './roles.ts';

/** Who acts: a participant, or whoever runs the server. */
export interface Actor extends Empowered {
  readonly moderator: Moderator;
}

/** What moderation needs of the room. */
export interface ModeratedRoom {
  readonly participants: readonly Participant[];
  setRole(participant: Participant, role: Role): Promise<void>;
  tellThoseWho(power: Power, event: RoomEvent): void;
}

type Target = { participantId: ParticipantId } | 'all';

/** The caller has asked for the power. @throws ConferenceError `unknown-participant`, `forbidden` */
export async function moderate(room: ModeratedRoom, actor: Actor, request: ModerationRequest): Promise<void> {
  const by = actor.moderator;
  switch (request.action) {
    case 'mute':
      return each(room, actor, request.target, async (target) => {
        target.tellModerated({ action: 'muted', mayUnmute: request.mayUnmute }, by);
        if (!request.mayUnmute) await target.grant({ microphone: false });
        await target.mute('microphone');
      });
    case 'stop-camera':
      return each(room, actor, request.target, async (target) => {
        target.tellModerated({ action: 'camera-stopped', mayRestart: request.mayRestart }, by);
        if (!request.mayRestart) await target.grant({ camera: false });
        target.stop('camera');
      });
    case 'stop-screen':
      return each(room, actor, request.target, async (target) => {
        target.tellModerated({ action: 'screen-stopped' }, by);
        target.stop('screen');
        target.stop('screenAudio');
      });
    case 'allow':
      return each(room, actor, request.target, (target) => allow(target, request, by));
    case 'ask-to-unmute':
      return each(room, actor, request.target, async (target) =>
        target.tellModerated({ action: 'asked-to-unmute' }, by),
      );
    case 'lower-hand':
      return each(room, actor, request.target, async (target) => lowerHand(target, by));
    case 'give-floor':
      return each(room, actor, request.target, (target) => giveFloor(room, target, by));
    case 'give-floor-to-next':
      return giveFloor(room, next(room), by);
    case 'take-floor':
      return each(room, actor, request.target, (target) => takeFloor(target, by));
    case 'hold':
      return each(room, actor, request.target, (target) => hold(target, request.held, by));
    case 'invite-to-stage':
      return each(room, actor, request.target, (target) => invite(room, target, by));
    case 'put-off-stage':
      return each(room, actor, request.target, (target) => putOffStage(room, target, by));
  }
}

async function allow(
  participant: Participant,
  { sources, target }: Extract<ModerationRequest, { action: 'allow' }>,
  by: Moderator,
): Promise<void> {
  if (participant.may('publish')) {
    participant.tellModerated({ action: 'allowed', sources }, by);
    await participant.grant(Object.fromEntries(sources.map((source) => [source, true])));
  } else if (target !== 'all') {
    throw new ConferenceError('forbidden', 'A viewer publishes nothing: invite to the stage first.');
  }
}

/** @throws ConferenceError `forbidden` when nobody has invited them */
export async function answerStage(room: ModeratedRoom, viewer: Participant, accept: boolean): Promise<void> {
  if (!viewer.invitedToStage) throw new ConferenceError('forbidden', 'Nobody has invited you to the stage.');
  viewer.invitedToStage = false;
  if (accept) await room.setRole(viewer, 'participant');
  else room.tellThoseWho('moderate', { type: 'stageDeclined', participantId: viewer.id });
}

/** One, whoever it is and may be acted on; or all who are no hosts. */
async function each(
  { participants }: ModeratedRoom,
  actor: Actor,
  target: Target,
  act: (participant: Participant) => Promise<void>,
): Promise<void> {
  if (target === 'all') {
    await Promise.all(participants.filter(({ role }) => !may(role, 'moderate')).map(act));
    return;
  }
  const one = participants.find(({ id }) => id === target.participantId);
  if (!one) throw new ConferenceError('unknown-participant', `Nobody here is ${target.participantId}.`);
  if (one.id !== actor.moderator.participantId) requireRank(actor, one.role);
  await act(one);
}

/** The one whose hand has been up longest. */
function next({ participants }: ModeratedRoom): Participant {
  const waiting = participants.filter(({ info }) => info.handRaisedAt !== null);
  const [first] = waiting.sort((a, b) => (a.info.handRaisedAt ?? 0) - (b.info.handRaisedAt ?? 0));
  if (!first) throw new ConferenceError('unknown-participant', 'No hand is up.');
  return first;
}

async function giveFloor(room: ModeratedRoom, target: Participant, by: Moderator): Promise<void> {
  target.setHand(null);
  // Who came to watch is not put in front of all without being asked.
  if (!target.may('publish')) {
    await invite(room, target, by);
    return;
  }
  const granted = target.grant({ microphone: true, camera: true });
  target.tellModerated({ action: 'given-floor' }, by);
  await granted;
}

async function takeFloor(target: Participant, by: Moderator): Promise<void> {
  target.tellModerated({ action: 'floor-taken' }, by);
  const { microphone, camera } = target.grants;
  await target.grant({
    ...(microphone === true ? { microphone: undefined } : {}),
    ...(camera === true ? { camera: undefined } : {}),
  });
  target.stop('camera');
  await target.mute('microphone');
}

function lowerHand(target: Participant, by: Moderator): void {
  if (target.info.handRaisedAt === null) return;
  target.setHand(null);
  target.tellModerated({ action: 'hand-lowered' }, by);
}

async function hold(target: Participant, held: boolean, by: Moderator): Promise<void> {
  if (target.info.kind !== 'phone') throw new ConferenceError('forbidden', 'Only a telephone can be held.');
  target.tellModerated({ action: 'held', held }, by);
  await target.hold(held);
}

async function invite(room: ModeratedRoom, target: Participant, by: Moderator): Promise<void> {
  if (target.may('publish')) {
    throw new ConferenceError('forbidden', 'Only a viewer is invited to the stage.');
  }
  // A telephone has no key for the answer: it is on the stage muted, and asked to unmute.
  if (target.info.kind === 'phone') {
    await room.setRole(target, 'participant');
    target.tellModerated({ action: 'asked-to-unmute' }, by);
    return;
  }
  target.invitedToStage = true;
  target.tellModerated({ action: 'invited-to-stage' }, by);
}

async function putOffStage(room: ModeratedRoom, target: Participant, by: Moderator): Promise<void> {
  if (may(target.role, 'moderate')) {
    throw new ConferenceError(
      'forbidden',
      'A host or co-host is on the stage as such; set another role first.',
    );
  }
  target.invitedToStage = false;
  if (target.role === 'viewer') return;
  target.tellModerated({ action: 'put-off-stage' }, by);
  await room.setRole(target, 'viewer');
}
