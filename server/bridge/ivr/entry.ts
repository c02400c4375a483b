/**
 * Numbers that the caller keys in: the room's, and its PIN. `#`, or a pause, ends a number; `*` starts it again or,
 * as long as there is none, changes the language. Every mistake, silence too, costs one of the tries.
 */
import type { PromptId } from '../prompts/catalogue.ts';
import { digitByDigit } from '../prompts/numbers.ts';
import { farewell } from './farewell.ts';
import type { IvrEnd, Stage } from './model.ts';
import type { Turn } from './turn.ts';

/** Ms that the first digit may take after the question. Shorter: those who look for the invitation are rushed. */
const FIRST_DIGIT_MS = 10_000;
/** Ms after a digit that end the number. Longer: without `#` it drags. Shorter: slow fingers are cut off. */
const NEXT_DIGIT_MS = 5_000;
/** Ms for the door to answer. It is asked over a socket: a longer wait means that it is not there. */
const DOOR_MS = 15_000;
/** Digits of the longest number there may be. */
const MAX_DIGITS = 16;

type Entry = Extract<Stage, { name: 'roomNumber' | 'pin' }>;

/** Asks for the room's number, after `lead`. */
export function askForRoomNumber(turn: Turn, lead: PromptId[]): void {
  turn.enter({ name: 'roomNumber', typed: '' });
  turn.ask(...lead, 'enter-room-number');
}

/** Asks for the PIN of a room, after `lead`; keys that came while the door was asked are its beginning. */
export function askForPin(turn: Turn, roomNumber: string, lead: PromptId[], typedAhead: string): void {
  turn.enter({ name: 'pin', roomNumber, typed: '' });
  if (typedAhead === '') turn.ask(...lead, 'enter-pin');
  for (const key of typedAhead) {
    const { stage } = turn.ivr;
    if (stage.name === 'pin') onEntryKey(turn, stage, key);
  }
}

/** Asks the door for admission; its answer comes as an event. */
export function askDoor(turn: Turn, roomNumber: string, pin: string | null): void {
  turn.enter({ name: 'asking', roomNumber, typed: '' });
  turn.do({ type: 'askDoor', roomNumber, pin });
  turn.startTimer('door', DOOR_MS);
}

export function onEntryKey(turn: Turn, stage: Entry, key: string): void {
  turn.stopPlaying();
  if (key === '#') submit(turn, stage);
  else if (key === '*') startAgain(turn, stage);
  else {
    // One digit more than there may be is kept, so that a number that is too long is not taken for its beginning.
    const typed = (stage.typed + key).slice(0, MAX_DIGITS + 1);
    turn.change({ stage: { ...stage, typed } });
    turn.startTimer('input', NEXT_DIGIT_MS);
  }
}

/** The question has been asked to its end. */
export function onEntryPromptEnded(turn: Turn): void {
  turn.startTimer('input', FIRST_DIGIT_MS);
}

/** After something else has to be said. What has been keyed in stays, and may be gone on with. */
export function askAgain(turn: Turn, stage: Entry): void {
  turn.stopTimer('input');
  if (stage.typed !== '') turn.say();
  else turn.ask(stage.name === 'pin' ? 'enter-pin' : 'enter-room-number');
}

/** `#`, or a pause, after digits or before them. */
export function submit(turn: Turn, stage: Entry): void {
  const { typed } = stage;
  if (typed === '') mistake(turn, stage, ['nothing-keyed'], 'nothing-keyed');
  else if (typed.length > MAX_DIGITS) mistake(turn, stage, ['number-too-long']);
  else if (stage.name === 'roomNumber') askDoor(turn, typed, null);
  else askDoor(turn, stage.roomNumber, typed);
}

/** The door knows no such room. */
export function onRoomUnknown(turn: Turn, roomNumber: string): void {
  mistake(turn, { name: 'roomNumber' }, ['room-unknown', ...digitByDigit(roomNumber)]);
}

/** The door does not take the PIN. `doorTriesLeft` is the door's count of tries that it still allows. */
export function onPinWrong(turn: Turn, roomNumber: string, doorTriesLeft: number): void {
  if (doorTriesLeft <= 0) farewell(turn, 'pin-wrong');
  else mistake(turn, { name: 'pin', roomNumber }, ['pin-wrong']);
}

/** What was being asked for. */
type Question = { readonly name: 'roomNumber' } | { readonly name: 'pin'; readonly roomNumber: string };

/** Takes away a try, and asks again after `lead`, or ends the call with `reason` when none is left. */
function mistake(
  turn: Turn,
  question: Question,
  lead: PromptId[],
  reason: IvrEnd = question.name === 'pin' ? 'pin-wrong' : 'room-unknown',
): void {
  const triesLeft = turn.ivr.triesLeft[question.name] - 1;
  turn.change({ triesLeft: { ...turn.ivr.triesLeft, [question.name]: triesLeft } });
  if (triesLeft <= 0) farewell(turn, reason);
  else if (question.name === 'pin') askForPin(turn, question.roomNumber, lead, '');
  else askForRoomNumber(turn, lead);
}

function startAgain(turn: Turn, stage: Entry): void {
  if (stage.typed === '') turn.changeLanguage();
  if (stage.name === 'pin') askForPin(turn, stage.roomNumber, [], '');
  else askForRoomNumber(turn, []);
}
