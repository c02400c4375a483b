/** Calls out of the room, as they are shown. */
import type { Dial, DialState } from '../../../sdk/types.ts';
import type { PlainTextKey } from '../../i18n/text.ts';

export const STATE_TEXTS = {
  dialling: 'calls.dialling',
  ringing: 'calls.ringing',
  answered: 'calls.answered',
  busy: 'calls.busy',
  declined: 'calls.declined',
  'no-answer': 'calls.noAnswer',
  cancelled: 'calls.cancelled',
  'not-allowed': 'calls.notAllowed',
  'unknown-number': 'calls.unknownNumber',
  unreachable: 'calls.unreachable',
  refused: 'calls.refused',
  unsupported: 'calls.unsupported',
  'network-failed': 'calls.networkFailed',
  'no-line': 'calls.noLine',
  'lines-busy': 'calls.linesBusy',
  failed: 'calls.failed',
} as const satisfies Record<DialState, PlainTextKey>;

export function isUnderWay({ state }: Dial): boolean {
  return state === 'dialling' || state === 'ringing';
}

/** Whether it has ended without an answer, and not because somebody here wanted that. */
export function hasComeToNothing(dial: Dial): boolean {
  return !isUnderWay(dial) && dial.state !== 'answered' && dial.state !== 'cancelled';
}

const FINAL: ReadonlySet<DialState> = new Set([
  ...(['answered', 'not-allowed', 'unknown-number', 'refused', 'unsupported'] as const),
]);

/** Whether another try may turn out differently. */
export function isWorthAnotherTry(dial: Dial): boolean {
  return !isUnderWay(dial) && !FINAL.has(dial.state);
}

/** The newest first; who was called again stands there once. */
export function latestCalls(dials: readonly Dial[]): Dial[] {
  return [...new Map(dials.map((dial) => [dial.destination, dial])).values()].sort(
    (a, b) => dials.indexOf(b) - dials.indexOf(a),
  );
}

/** Calls of which there is something new between two states of a room, begun ones left out: whoever calls knows. */
export function progressBetween(before: readonly Dial[], after: readonly Dial[]): Dial[] {
  const known = new Map(before.map(({ id, state }) => [id, state]));
  return after.filter(({ id, state }) => state !== 'dialling' && known.has(id) && known.get(id) !== state);
}
