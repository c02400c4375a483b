/** A caller at the door, who waits to be let in. */
import { farewell } from './farewell.ts';
import { commandOf } from './keys.ts';
import type { Stage, WaitingFor } from './model.ts';
import type { Turn } from './turn.ts';

/** Ms after which one who waits is told so again. Longer: the line seems dead. Shorter: it annoys. */
const REMINDER_MS = 30_000;

export type Waiting = Extract<Stage, { name: 'waiting' }>;

/** Lets the caller wait, and says for what. */
export function wait(turn: Turn, waitingFor: WaitingFor): void {
  turn.stopTimer('menu');
  turn.enter({ name: 'waiting', waitingFor, afterStar: false });
  sayWhatFor(turn, waitingFor);
}

/** Says again what is waited for. */
export function sayWhatFor(turn: Turn, waitingFor: WaitingFor): void {
  turn.say(`waiting-${waitingFor}`);
  turn.startTimer('reminder', REMINDER_MS);
}

export function onWaitingKey(turn: Turn, stage: Waiting, key: string): void {
  const command = commandOf(turn, stage, key);
  if (command === '8') farewell(turn, 'left');
  else if (command !== null) sayWhatFor(turn, stage.waitingFor);
}
