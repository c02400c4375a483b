/** A caller in the room: the keys that work there, and what hosts do to them. */
import type { PromptId } from '../prompts/catalogue.ts';
import { peopleHere } from '../prompts/numbers.ts';
import { farewell } from './farewell.ts';
import { commandOf } from './keys.ts';
import type { DoorEvent, HostEvent, InRoom } from './model.ts';
import type { Turn } from './turn.ts';

/** How much one press of a key makes the room louder or softer, in dB: clearly heard, yet no shock. */
const GAIN_STEP_DB = 3;
/** The most, up and down, in dB. Higher: the line distorts. */
const GAIN_LIMIT_DB = 12;

/** Takes the caller into the room, and says how things are there. */
export function enterRoom(turn: Turn, joined: Extract<DoorEvent, { type: 'joined' }>): void {
  const { count, muted, mayUnmute } = joined;
  turn.stopTimer('menu');
  turn.enter({
    name: 'inRoom',
    ...{ afterStar: false, muted, mayUnmute, handRaised: false, held: false, decibels: 0 },
  });
  const microphone: PromptId[] = muted ? [mayUnmute ? 'muted-on-entry' : 'may-not-unmute'] : [];
  turn.say('joined', ...peopleHere(count), ...microphone, 'help-hint');
}

export function onRoomKey(turn: Turn, stage: InRoom, key: string): void {
  switch (commandOf(turn, stage, key)) {
    case null:
      return;
    case '4':
      changeGain(turn, stage, GAIN_STEP_DB);
      return;
    case '6':
      changeMuted(turn, stage);
      return;
    case '7':
      changeGain(turn, stage, -GAIN_STEP_DB);
      return;
    case '8':
      farewell(turn, 'left');
      return;
    case '9':
      changeHand(turn, stage);
      return;
    case '0':
      turn.say('help');
      return;
    default:
      turn.say('help-hint');
  }
}

export function onHostEvent(turn: Turn, stage: InRoom, event: HostEvent): void {
  switch (event.type) {
    case 'muted':
      turn.changeInRoom({ muted: true, mayUnmute: event.mayUnmute });
      if (!stage.muted) turn.say('muted-by-host');
      return;
    case 'mayUnmute':
      turn.changeInRoom({ mayUnmute: event.mayUnmute });
      return;
    case 'askedToUnmute':
      turn.changeInRoom({ mayUnmute: true });
      if (stage.muted) turn.say('asked-to-unmute');
      return;
    case 'handLowered':
      turn.changeInRoom({ handRaised: false });
      if (stage.handRaised) turn.say('hand-lowered');
      return;
    case 'held':
      turn.changeInRoom({ held: event.held });
      if (stage.held !== event.held) turn.say(event.held ? 'held' : 'resumed');
  }
}

function changeMuted(turn: Turn, stage: InRoom): void {
  if (stage.held) {
    turn.say('held');
    return;
  }
  if (stage.muted && !stage.mayUnmute) {
    turn.say('may-not-unmute');
    return;
  }
  const muted = !stage.muted;
  turn.changeInRoom({ muted });
  turn.do({ type: 'setMuted', muted });
  turn.say(muted ? 'muted' : 'unmuted');
}

function changeHand(turn: Turn, stage: InRoom): void {
  const raised = !stage.handRaised;
  turn.changeInRoom({ handRaised: raised });
  turn.do({ type: 'raiseHand', raised });
  turn.say(raised ? 'hand-raised' : 'hand-lowered');
}

function changeGain(turn: Turn, stage: InRoom, step: number): void {
  const decibels = Math.max(-GAIN_LIMIT_DB, Math.min(GAIN_LIMIT_DB, stage.decibels + step));
  if (decibels === stage.decibels) {
    turn.say(step > 0 ? 'loudest' : 'softest');
    return;
  }
  turn.changeInRoom({ decibels });
  turn.do({ type: 'setGain', decibels });
  turn.say(step > 0 ? 'louder' : 'softer');
}
