/** What a call does, and why it ended, in a person's words. */
import type { Text } from '../../../app/i18n/text.ts';
import type { CallState } from '../../agent/call-state.ts';

/** @param name of the other end */
export function endText(text: Text, call: CallState, name: string): string {
  const isInbound = call.direction === 'inbound';
  switch (call.endReason) {
    case 'hung-up':
      return text('phone.endHungUp');
    case 'they-hung-up':
      return text('phone.endTheyHungUp', { name });
    case 'transferred':
      return text('phone.endTransferred', { name });
    case 'cancelled':
      return isInbound ? text('phone.endMissed', { name }) : text('phone.endCancelled');
    case 'answered-elsewhere':
      return text('phone.endElsewhere', { name });
    case 'busy':
      return isInbound ? text('phone.endYouDeclined') : text('phone.endBusy', { name });
    case 'declined':
      return isInbound ? text('phone.endYouDeclined') : text('phone.endDeclined', { name });
    case 'no-answer':
      return isInbound ? text('phone.endMissed', { name }) : text('phone.endNoAnswer', { name });
    case 'not-found':
      return text('phone.endNotFound', { name });
    case 'bad-number':
      return text('phone.endBadNumber', { name });
    case 'not-there':
      return text('phone.endNotThere', { name });
    case 'forbidden':
      return text('phone.endForbidden', { name });
    case 'no-media':
      return text('phone.endNoMedia', { name });
    case 'unreachable':
      return text('phone.endUnreachable');
    case 'pbx-failed':
      return text('phone.endPbxFailed');
    case 'failed':
    case null:
      return text('phone.endFailed');
  }
}

/** What stands below the name while it does not simply go on; null when time does. */
export function phaseText(text: Text, call: CallState, name: string): string | null {
  switch (call.phase) {
    case 'calling':
      return text('phone.stateCalling');
    case 'ringing':
      return text('phone.stateRinging');
    case 'answering':
      return text('phone.stateAnswering');
    case 'ended':
      return endText(text, call, name);
    case 'talking':
      if (call.isHeld) return text('phone.stateHeld');
      return call.isHeldByPeer ? text('phone.stateHeldByPeer', { name }) : null;
  }
}
