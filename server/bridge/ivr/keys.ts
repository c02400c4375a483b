import type { DigitWay, Stage } from './model.ts';
import type { Turn } from './turn.ts';

/**
 * Ms in which a digit that comes in another way than the last one is its copy: some phones and PBXs send each key
 * as a telephone event, in an INFO and as sound. Longer: after a transfer, the new phone's keys are not heard at first.
 */
const COPY_MS = 2_000;
/** Ms in which the key after `*` must come. Longer: keys pressed by mistake become commands. */
const STAR_MS = 4_000;

/** Stages in which `*` and a key are a command. */
export type CommandStage = Extract<Stage, { name: 'waiting' | 'inRoom' }>;

/** Whether a digit is one of this menu's, and not the copy of one that has been heard. */
export function isKeystroke(turn: Turn, digit: string, via: DigitWay): boolean {
  const { digitWay } = turn.ivr;
  if (!/^[0-9*#]$/.test(digit) || (digitWay !== null && digitWay !== via)) return false;
  turn.change({ digitWay: via });
  turn.startTimer('digitWay', COPY_MS);
  return true;
}

/** Takes a key as part of a command. @returns the key after `*`; null if the command is not complete, or none */
export function commandOf(turn: Turn, stage: CommandStage, key: string): string | null {
  if (key === '*') {
    turn.stopPlaying();
    turn.change({ stage: { ...stage, afterStar: true } });
    turn.startTimer('star', STAR_MS);
    return null;
  }
  if (!stage.afterStar) return null;
  turn.stopTimer('star');
  forgetStar(turn, stage);
  return key;
}

/** `*` was not followed by anything. */
export function forgetStar(turn: Turn, stage: CommandStage): void {
  turn.change({ stage: { ...stage, afterStar: false } });
}
