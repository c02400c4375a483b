/** What the bridge needs of the conference, in its own words: the doors of rooms. */
import type { CallDetails, CallEnd } from './sip/call.ts';
import type { DoorEvent, EndEvent, HostEvent } from './ivr.ts';

/** Who stands before a door. */
export interface Caller extends CallDetails {
  /** Of a call out of a room: what the room knows it by. Such a caller is let in without asking. */
  invitation: string | null;
}

/** Where a caller's media belongs: an open room of the media process, and the SSRC of the caller's publication. */
export interface Place {
  roomId: string;
  ssrc: number;
}

/** Told by a door of one caller; not before `receive` has returned. */
export interface Listener {
  /** Answers to `ask`, what hosts do, and that the server stops: for the voice menu. */
  tell: (event: DoorEvent | HostEvent | EndEvent) => void;
  /** Said before `joined`; null when the room is left, or lost. */
  place: (place: Place | null) => void;
  /** A line of the room's chat. */
  read: (from: string, text: string) => void;
}

/** One caller's way into a room and out of it. */
export interface Visit {
  /** Asks to be let in. The PIN is null if none has been keyed in. */
  ask: (roomNumber: string, pin: string | null) => void;
  setMuted: (muted: boolean) => void;
  raiseHand: (raised: boolean) => void;
  /** A line for the room's chat. */
  say: (text: string) => void;
  /** Records a call that has ended: the caller's, or one to somebody whom the caller was, or was to be, put through to. */
  record: (call: CallDetails, end: CallEnd) => void;
  /** The last of these calls is over: leaves whatever was entered. The last that is asked of a visit. */
  end: () => void;
}

export interface RoomDoor {
  /** A caller has arrived. */
  receive: (caller: Caller, listener: Listener) => Visit;
  /** A call has ended that was never answered: all there is to do is to record it. */
  missed: (caller: Caller, end: CallEnd) => void;
}
