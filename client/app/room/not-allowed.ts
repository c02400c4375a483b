/** Why one may not be heard or seen, in one's own words. */
import type { RoomState } from '../../sdk/types.ts';
import { may } from '../../sdk/words.ts';
import type { PlainTextKey } from '../i18n/text.ts';
import { ownParticipant, type Switch } from '../media/follow-rules.ts';

const BY_ROOM = {
  microphone: 'notAllowed.microphoneByRoom',
  camera: 'notAllowed.cameraByRoom',
  screen: 'notAllowed.screenByRoom',
} as const satisfies Record<Switch, PlainTextKey>;
const BY_HOST = {
  microphone: 'notAllowed.microphoneByHost',
  camera: 'notAllowed.cameraByHost',
  screen: 'notAllowed.screenByHost',
} as const satisfies Record<Switch, PlainTextKey>;

/** Null when nothing stands in the way. */
export function whyNotAllowed(state: RoomState, source: Switch): PlainTextKey | null {
  const own = ownParticipant(state);
  if (!own || !state.room || own.allowed.includes(source)) return null;
  if (!may(own.role, 'publish')) return 'notAllowed.viewer';
  return (state.room.settings.allowed.includes(source) ? BY_HOST : BY_ROOM)[source];
}
