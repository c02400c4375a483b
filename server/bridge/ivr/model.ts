/** The words of the voice menu: what happens to it, what it wants done, and where it is. All of it plain data. */
import type { Language, Prompt } from '../prompts/catalogue.ts';

/** What a call begins with. */
export interface IvrOptions {
  /**
   * Where the caller wants to go: into the room that the dialled number stands for, into one that has to be asked
   * for (null), or where the call has been invited to (a call out of a room, for which the door needs no asking).
   */
  readonly destination: { readonly roomNumber: string | null } | 'invited';
  /** The trunk's language, and those that a caller may change to with `*` while a number is asked for. */
  readonly languages: readonly [Language, ...Language[]];
}

/** How a digit came: as a telephone event (RFC 4733), in a SIP INFO, or as sound. */
export type DigitWay = 'rtp' | 'info' | 'inband';

/** What a caller at the door waits for: to be let in, for the first host, or for the time of the room. */
export type WaitingFor = 'lobby' | 'host' | 'opening';

/** Why a caller is out of the room, or does not get in, by the room's doing. */
export type RoomRefusal =
  'denied' | 'full' | 'locked' | 'removed' | 'room-ended' | 'draining' | 'unavailable';

/** Why the menu ended the call. */
export type IvrEnd = 'left' | 'nothing-keyed' | 'room-unknown' | 'pin-wrong' | RoomRefusal;

export type IvrEvent =
  | { readonly type: 'digit'; readonly digit: string; readonly via: DigitWay }
  | { readonly type: 'timeout'; readonly timer: IvrTimer }
  /** `play`'s prompts are over, or could not be played. */
  | { readonly type: 'promptEnded'; readonly playId: number }
  | EndEvent
  /** It is, for those who are still being asked something; a room ends the calls of all others. */
  | { readonly type: 'endIsHere' }
  | DoorEvent
  | HostEvent;

/** The call will be ended, by no fault of anybody's: whoever stops tells it before. */
export interface EndEvent {
  readonly type: 'endIsNear';
}

/** What the room's door says to `askDoor`, and later, to one who waits or is inside. */
export type DoorEvent =
  | { readonly type: 'roomUnknown' }
  /** The room has a PIN, and none was given. */
  | { readonly type: 'pinNeeded' }
  /** `triesLeft` is the door's own count for this caller: it may know of earlier calls. */
  | { readonly type: 'pinWrong'; readonly triesLeft: number }
  | { readonly type: 'waiting'; readonly waitingFor: WaitingFor }
  /** In. `count` is of the people in the room, with the caller. */
  | {
      readonly type: 'joined';
      readonly count: number;
      readonly muted: boolean;
      readonly mayUnmute: boolean;
    }
  | { readonly type: 'refused'; readonly reason: RoomRefusal };

/** What hosts do to a caller in the room. */
export type HostEvent =
  | { readonly type: 'muted'; readonly mayUnmute: boolean }
  /** From now on the caller may, or may not, unmute; nothing is said. */
  | { readonly type: 'mayUnmute'; readonly mayUnmute: boolean }
  | { readonly type: 'askedToUnmute' }
  | { readonly type: 'handLowered' }
  | { readonly type: 'held'; readonly held: boolean };

export type IvrAction =
  /** Plays these instead of what plays; `promptEnded` is told with the same id. */
  | { readonly type: 'play'; readonly playId: number; readonly prompts: readonly Prompt[] }
  | { readonly type: 'stopPlaying' }
  /** Asks for admission. The only action that ever carries a PIN. */
  | { readonly type: 'askDoor'; readonly roomNumber: string; readonly pin: string | null }
  | { readonly type: 'setMuted'; readonly muted: boolean }
  | { readonly type: 'raiseHand'; readonly raised: boolean }
  /** How much louder than as received the caller hears the room; not added to earlier ones. */
  | { readonly type: 'setGain'; readonly decibels: number }
  /** Starts a timer, or starts it anew. */
  | { readonly type: 'startTimer'; readonly timer: IvrTimer; readonly ms: number }
  | { readonly type: 'stopTimer'; readonly timer: IvrTimer }
  /** Leaves the room, if in one, and ends the call. The last action of all. */
  | { readonly type: 'leave'; readonly reason: IvrEnd };

export type IvrTimer =
  /** The first digit of an answer, or the next. */
  | 'input'
  /** The key after `*`. */
  | 'star'
  /** The door's answer. */
  | 'door'
  /** Another word to one who waits. */
  | 'reminder'
  /** The last prompt's end. */
  | 'farewell'
  /** All of the questions together. */
  | 'menu'
  /** For how long the same key that comes in another way is the same keystroke. */
  | 'digitWay';

/** Where the caller is. `typed` may be (part of) a PIN: a stage is never logged, but for its name. */
export type Stage =
  | { readonly name: 'roomNumber'; readonly typed: string }
  | { readonly name: 'pin'; readonly roomNumber: string; readonly typed: string }
  /** The door has been asked. What is typed meanwhile answers its question, as after a dialled `,,123#,,456#`. */
  | { readonly name: 'asking'; readonly roomNumber: string | null; readonly typed: string }
  | { readonly name: 'waiting'; readonly waitingFor: WaitingFor; readonly afterStar: boolean }
  | InRoom
  /** The last prompt plays. */
  | { readonly name: 'farewell'; readonly reason: IvrEnd }
  | { readonly name: 'over' };

export interface InRoom {
  readonly name: 'inRoom';
  /** Whether `*` was pressed, and its command is to come. */
  readonly afterStar: boolean;
  readonly muted: boolean;
  readonly mayUnmute: boolean;
  readonly handRaised: boolean;
  readonly held: boolean;
  readonly decibels: number;
}

/** The state of one caller's menu. */
export interface Ivr {
  readonly options: IvrOptions;
  readonly language: Language;
  readonly stage: Stage;
  readonly triesLeft: { readonly roomNumber: number; readonly pin: number };
  /** Id of the prompts that play. */
  readonly playing: number | null;
  readonly lastPlayId: number;
  readonly runningTimers: readonly IvrTimer[];
  /** Whether the caller is still to be told that the call will be ended: with whatever is said next. */
  readonly endUntold: boolean;
  /** How the last digit came, for as long as its copies may come in other ways. */
  readonly digitWay: DigitWay | null;
}

/** The state after an event, and what is to be done, in this order. */
export interface Step {
  readonly ivr: Ivr;
  readonly actions: readonly IvrAction[];
}
