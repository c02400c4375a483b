import type { PromptId } from '../prompts/catalogue.ts';
import type { IvrEnd } from './model.ts';
import type { Turn } from './turn.ts';

/** Ms for the last words. Shorter than they take: they are cut off. It ends calls whose prompts can't be played. */
const FAREWELL_MS = 20_000;

/** The last words, by the reason for them. */
const LAST_WORDS = {
  left: [],
  'nothing-keyed': ['nothing-keyed'],
  'room-unknown': ['too-many-tries'],
  'pin-wrong': ['pin-wrong', 'too-many-tries'],
  denied: ['denied'],
  full: ['full'],
  locked: ['locked'],
  removed: ['removed'],
  'room-ended': ['room-ended'],
  // Says to call again later, as it is.
  draining: ['unavailable'],
  unavailable: ['unavailable'],
} as const satisfies Record<IvrEnd, readonly PromptId[]>;

/** Says why the call ends; it ends when that has been said. */
export function farewell(turn: Turn, reason: IvrEnd): void {
  turn.stopTimer('menu');
  turn.change({ endUntold: false });
  turn.enter({ name: 'farewell', reason });
  turn.say(...LAST_WORDS[reason], 'goodbye');
  turn.startTimer('farewell', FAREWELL_MS);
}

/** The last words are said, or were too long: nothing happens in this menu any more. */
export function end(turn: Turn, reason: IvrEnd): void {
  turn.enter({ name: 'over' });
  turn.stopTimer('digitWay');
  turn.do({ type: 'leave', reason });
}
