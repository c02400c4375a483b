/** Keeps one's own devices within what the room allows: what may not be sent is off, and its button says so. */
import type { Moderation, ParticipantInfo, RoomClient, RoomSettings, RoomState } from '../../sdk/types.ts';
import { may } from '../../sdk/words.ts';
import type { LocalMedia } from './local-media.ts';

export type Switch = 'microphone' | 'camera' | 'screen';
const SWITCHES: readonly Switch[] = ['microphone', 'camera', 'screen'];

/** This client's own participant; undefined before it is in the room. */
export function ownParticipant({ participants, self }: RoomState): ParticipantInfo | undefined {
  return participants.find(({ id }) => id === self?.participantId);
}

/** What has to be off. @param isNew whether one has come in just now */
export function offByRules(
  { role, allowed }: Pick<ParticipantInfo, 'role' | 'allowed'>,
  { quietEntry }: Pick<RoomSettings, 'quietEntry'>,
  isNew: boolean,
): Switch[] {
  const isQuiet = isNew && quietEntry && !may(role, 'moderate');
  return SWITCHES.filter((source) => !allowed.includes(source) || (isQuiet && source !== 'screen'));
}

/** What a host has switched off, though it may go on again. */
export function offByHost({ action }: Moderation): Switch[] {
  switch (action) {
    case 'muted':
      return ['microphone'];
    case 'camera-stopped':
      return ['camera'];
    case 'screen-stopped':
      return ['screen'];
    case 'floor-taken':
    case 'put-off-stage':
      return ['microphone', 'camera', 'screen'];
    default:
      return [];
  }
}

/** @returns the function that ends it */
export function followRules(media: LocalMedia, client: RoomClient): () => void {
  let enteredAs: string | null = null;
  const turnOff = (switches: readonly Switch[]): void => {
    for (const source of switches) {
      if (source === 'screen') media.stopScreen();
      else if (media.state[source].isOn) void media.setOn(source, false);
    }
  };
  const ends = [
    client.subscribe(() => {
      const { phase, room } = client.state;
      const own = ownParticipant(client.state);
      if (phase !== 'joined' || !own || !room) return;
      const isNew = own.id !== enteredAs;
      enteredAs = own.id;
      turnOff(offByRules(own, room.settings, isNew));
      media.setResting(!may(own.role, 'publish'));
    }),
    client.on('moderated', ({ moderation }) => turnOff(offByHost(moderation))),
  ];
  return () => {
    for (const end of ends) end();
  };
}
