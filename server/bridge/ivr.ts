/**
 * The voice menu of one call: finds out which room the caller wants, takes them through its door, and obeys their keys
 * inside. Pure: every event gives a new state and a list of actions. It reads no clock, plays nothing and knows nobody;
 * whoever runs it carries out the actions and brings back what comes of them.
 *
 *     asking ⇄ roomNumber        a number is keyed in, unless the dialled number stands for a room
 *     asking ⇄ pin               its PIN, if it has one
 *     asking → waiting → inRoom  lobby, first host or opening time, if need be
 *     any    → farewell → over   says why, then leaves
 *
 * States hold what has been typed, PINs too: log the name of a state's stage, and nothing else of it.
 */
import { onAskingKey, onDoorEvent } from './ivr/door.ts';
import { askAgain, askDoor, askForRoomNumber, onEntryKey, onEntryPromptEnded, submit } from './ivr/entry.ts';
import { end, farewell } from './ivr/farewell.ts';
import { onHostEvent, onRoomKey } from './ivr/in-room.ts';
import { forgetStar, isKeystroke } from './ivr/keys.ts';
import type { DoorEvent, HostEvent, Ivr, IvrEvent, IvrOptions, IvrTimer, Stage, Step } from './ivr/model.ts';
import { newIvr, Turn } from './ivr/turn.ts';
import { onWaitingKey, sayWhatFor } from './ivr/waiting.ts';

export type * from './ivr/model.ts';

/** Ms for all questions together. Longer: robots hold lines for longer. Shorter: three slow tries do not fit. */
const MENU_MS = 180_000;

/** Where callers are whom no room knows of yet. */
const ASKED: ReadonlySet<Stage['name']> = new Set(['roomNumber', 'pin', 'asking']);

/** Begins the menu of a call that has just been answered. */
export function openIvr(options: IvrOptions): Step {
  const turn = new Turn(newIvr(options));
  turn.startTimer('menu', MENU_MS);
  if (options.destination === 'invited') return turn.step;
  const { roomNumber } = options.destination;
  if (roomNumber === null) askForRoomNumber(turn, []);
  else askDoor(turn, roomNumber, null);
  return turn.step;
}

/** What an event makes of a menu. Events that come too late, or make no sense where the caller is, change nothing. */
export function stepIvr(ivr: Ivr, event: IvrEvent): Step {
  const turn = new Turn(ivr);
  if (ivr.stage.name !== 'over') handle(turn, event);
  return turn.step;
}

function handle(turn: Turn, event: IvrEvent): void {
  switch (event.type) {
    case 'digit':
      if (isKeystroke(turn, event.digit, event.via)) onKey(turn, event.digit);
      return;
    case 'timeout':
      if (turn.endTimer(event.timer)) onTimeout(turn, event.timer);
      return;
    case 'promptEnded':
      if (event.playId === turn.ivr.playing) onPromptEnded(turn);
      return;
    case 'roomUnknown':
    case 'pinNeeded':
    case 'pinWrong':
    case 'waiting':
    case 'joined':
    case 'refused':
      onDoor(turn, event);
      return;
    case 'muted':
    case 'mayUnmute':
    case 'askedToUnmute':
    case 'handLowered':
    case 'held':
      onHost(turn, event);
      return;
    case 'endIsNear':
      onEndIsNear(turn);
      return;
    case 'endIsHere':
      if (ASKED.has(turn.ivr.stage.name)) farewell(turn, 'unavailable');
  }
}

function onKey(turn: Turn, key: string): void {
  const { stage } = turn.ivr;
  switch (stage.name) {
    case 'roomNumber':
    case 'pin':
      onEntryKey(turn, stage, key);
      return;
    case 'asking':
      onAskingKey(turn, stage, key);
      return;
    case 'waiting':
      onWaitingKey(turn, stage, key);
      return;
    case 'inRoom':
      onRoomKey(turn, stage, key);
      return;
    case 'farewell':
    case 'over':
  }
}

function onTimeout(turn: Turn, timer: IvrTimer): void {
  const { stage } = turn.ivr;
  switch (timer) {
    case 'input':
      if (stage.name === 'roomNumber' || stage.name === 'pin') submit(turn, stage);
      return;
    case 'star':
      if (stage.name === 'waiting' || stage.name === 'inRoom') forgetStar(turn, stage);
      return;
    case 'reminder':
      if (stage.name === 'waiting') sayWhatFor(turn, stage.waitingFor);
      return;
    case 'farewell':
      if (stage.name === 'farewell') end(turn, stage.reason);
      return;
    case 'door':
      farewell(turn, 'unavailable');
      return;
    case 'menu':
      farewell(turn, 'nothing-keyed');
      return;
    case 'digitWay':
      turn.change({ digitWay: null });
  }
}

function onPromptEnded(turn: Turn): void {
  const { stage } = turn.ivr;
  turn.change({ playing: null });
  if (stage.name === 'roomNumber' || stage.name === 'pin') onEntryPromptEnded(turn);
  else if (stage.name === 'farewell') end(turn, stage.reason);
}

function onDoor(turn: Turn, event: DoorEvent): void {
  const { stage } = turn.ivr;
  if (stage.name === 'asking' || stage.name === 'waiting' || stage.name === 'inRoom')
    onDoorEvent(turn, stage, event);
}

/** While the door is asked, its answer is waited for: what follows from it would cut this off. */
function onEndIsNear(turn: Turn): void {
  const { stage } = turn.ivr;
  turn.change({ endUntold: true });
  if (stage.name === 'waiting' || stage.name === 'inRoom') turn.say();
  else if (stage.name === 'roomNumber' || stage.name === 'pin') askAgain(turn, stage);
}

function onHost(turn: Turn, event: HostEvent): void {
  const { stage } = turn.ivr;
  if (stage.name === 'inRoom') onHostEvent(turn, stage, event);
}
