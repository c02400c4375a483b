/** What the room's door says, and what the caller types while it is asked. */
import { askForPin, onPinWrong, onRoomUnknown } from './entry.ts';
import { farewell } from './farewell.ts';
import { enterRoom } from './in-room.ts';
import type { DoorEvent, Stage } from './model.ts';
import type { Turn } from './turn.ts';
import { wait } from './waiting.ts';

/** Keys kept that come while the door is asked: more than any PIN has. */
const MAX_TYPED_AHEAD = 32;

type Asking = Extract<Stage, { name: 'asking' }>;
/** Stages in which the door has, or has had, a say. */
type DoorStage = Extract<Stage, { name: 'asking' | 'waiting' | 'inRoom' }>;

export function onAskingKey(turn: Turn, stage: Asking, key: string): void {
  turn.change({ stage: { ...stage, typed: (stage.typed + key).slice(0, MAX_TYPED_AHEAD) } });
}

export function onDoorEvent(turn: Turn, stage: DoorStage, event: DoorEvent): void {
  switch (event.type) {
    case 'refused':
      farewell(turn, event.reason);
      return;
    case 'waiting':
      wait(turn, event.waitingFor);
      return;
    case 'joined':
      if (stage.name !== 'inRoom') enterRoom(turn, event);
      return;
    case 'roomUnknown':
    case 'pinNeeded':
    case 'pinWrong':
      if (stage.name === 'asking') onDoorQuestion(turn, stage, event);
  }
}

/** The door wants to know more. Where nobody had been asked for a number, as in an invited call, it can't be told. */
function onDoorQuestion(
  turn: Turn,
  { roomNumber, typed }: Asking,
  event: Extract<DoorEvent, { type: 'roomUnknown' | 'pinNeeded' | 'pinWrong' }>,
): void {
  if (roomNumber === null) farewell(turn, 'unavailable');
  else if (event.type === 'roomUnknown') onRoomUnknown(turn, roomNumber);
  else if (event.type === 'pinNeeded') askForPin(turn, roomNumber, [], typed);
  else onPinWrong(turn, roomNumber, event.triesLeft);
}
