import type { RoomErrorCode } from '../../sdk/types.ts';
import type { Text } from '../i18n/text.ts';
import { isRoomError } from '../meeting/room-error.ts';
import type { NoticeBoard } from './notices/notice-board.ts';

/** Waits for what somebody asked for; what fails is told in a notice. @returns what came of it; null when it failed */
export async function attempt<T>(notices: NoticeBoard, done: Promise<T>): Promise<T | null> {
  try {
    return await done;
  } catch (error) {
    if (!isRoomError(error)) throw error;
    const { code } = error;
    notices.show((text) => failureText(text, code), 'warning');
    return null;
  }
}

/** What went wrong, in words for whoever asked. */
export function failureText(text: Text, code: RoomErrorCode): string {
  switch (code) {
    case 'rate-limited':
      return text('notice.tooFast');
    case 'unreachable':
    case 'timeout':
      return text('notice.reconnecting');
    case 'forbidden':
      return text('notice.forbidden');
    case 'too-many-calls':
      return text('calls.tooMany');
    case 'calls-unavailable':
      return text('calls.unavailable');
    case 'unknown-participant':
    case 'unknown-knock':
      return text('notice.gone');
    default:
      return text('notice.actionFailed', { reason: code });
  }
}
