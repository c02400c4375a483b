/** Why calls end, in a closed set of words, and whose doing it was. They go into call records and to the room. */
import type { IvrEnd } from '../ivr/model.ts';

/** `nobody`: it ended as calls should. `phone` is the far end, `trunk` the PBX and the way to it. */
export type Fault = 'nobody' | 'caller' | 'phone' | 'trunk' | 'bridge' | 'room';

const faults = {
  /** The far end hung up. */
  'hung-up': 'nobody',
  /** Given up before it was answered, by whoever called. */
  cancelled: 'nobody',
  /** The far end transferred us to somebody else. */
  transferred: 'nobody',

  // The voice menu's.
  left: 'nobody',
  removed: 'nobody',
  'room-ended': 'nobody',
  denied: 'nobody',
  'nothing-keyed': 'caller',
  'room-unknown': 'caller',
  'pin-wrong': 'caller',
  full: 'room',
  locked: 'room',
  /** The room was at a server that was taken over, or the server about to stop. */
  draining: 'room',
  unavailable: 'room',

  // Who was called.
  busy: 'phone',
  declined: 'phone',
  'no-answer': 'phone',
  unreachable: 'phone',
  'not-found': 'caller',
  /** Not on the list of what may be dialled. */
  'not-allowed': 'caller',

  // Media.
  /** No codec or encryption in common. */
  'media-unsupported': 'phone',
  /** Nothing came for 30 s. */
  'media-lost': 'phone',
  /** DTLS or ICE came to nothing. */
  'media-failed': 'phone',

  // Signalling.
  /** SIP or SDP that makes no sense. */
  malformed: 'phone',
  /** Our answer was not acknowledged, or the session not refreshed. */
  'no-response': 'phone',
  /** The PBX, or the network behind it, does not let us call there. */
  'trunk-refused': 'trunk',
  /** The PBX, or the network behind it, could not carry the call. */
  'trunk-failed': 'trunk',
  /** No connection to the PBX, or no answer from it. */
  'trunk-down': 'trunk',

  // Us.
  overloaded: 'bridge',
  /** Our media process has ended, or does not answer. */
  'media-down': 'bridge',
  /** More calls than configured. */
  'too-many-calls': 'bridge',
  stopping: 'bridge',
  internal: 'bridge',
} as const satisfies Record<string, Fault>;

export type CloseReason = keyof typeof faults;

// Whatever ends a menu ends its call by the same name.
faults satisfies Record<IvrEnd, Fault>;

/** Whose doing an end was. */
export function faultOf(reason: CloseReason): Fault {
  return faults[reason];
}

/** How JsSIP tells the end of a call that we did not end. */
export interface JsSipEnd {
  /** In JsSIP's own words. */
  cause: string;
  /** Of the response that ended it. */
  status: number | null;
  /** What the PBX or the telephone network says of it in the response's Reason header (Q.850; RFC 6432). */
  networkCause: number | null;
}

/** By the final response to an INVITE of ours (RFC 3261, section 21). */
const byStatus: ReadonlyMap<number, CloseReason> = new Map<number, CloseReason>([
  [401, 'trunk-refused'],
  [402, 'trunk-refused'],
  [403, 'trunk-refused'],
  [404, 'not-found'],
  [407, 'trunk-refused'],
  [408, 'no-answer'],
  [410, 'not-found'],
  [415, 'media-unsupported'],
  [480, 'unreachable'],
  [484, 'not-found'],
  [486, 'busy'],
  [487, 'cancelled'],
  [488, 'media-unsupported'],
  [600, 'busy'],
  [603, 'declined'],
  [604, 'not-found'],
  [606, 'media-unsupported'],
]);

/**
 * By the cause of the telephone network, where it tells more than the response that was made of it (RFC 3398, section
 * 7.2.4.1): a call that the callee declines becomes a 403, and one that nobody takes a 480.
 */
const byNetworkCause: ReadonlyMap<number, CloseReason> = new Map<number, CloseReason>([
  [17, 'busy'],
  [18, 'no-answer'],
  [19, 'no-answer'],
  [20, 'unreachable'],
  [21, 'declined'],
  [27, 'unreachable'],
]);

const byCause: ReadonlyMap<string, CloseReason> = new Map<string, CloseReason>([
  ['Terminated', 'hung-up'],
  ['Canceled', 'cancelled'],
  ['Expires', 'cancelled'],
  ['No Answer', 'no-answer'],
  ['No ACK', 'no-response'],
  ['Request Timeout', 'no-response'],
  ['Connection Error', 'trunk-down'],
  ['Dialog Error', 'no-response'],
  ['Missing SDP', 'malformed'],
  ['Bad Media Description', 'media-unsupported'],
  ['Incompatible SDP', 'media-unsupported'],
  ['WebRTC Error', 'media-unsupported'],
]);

/** The reason in our words. */
export function closeReasonOf({ cause, status, networkCause }: JsSipEnd): CloseReason {
  if (status !== null && status >= 300) {
    const told = byNetworkCause.get(networkCause ?? NaN) ?? byStatus.get(status);
    return told ?? (status >= 500 && status < 600 ? 'trunk-failed' : 'unreachable');
  }
  return byCause.get(cause) ?? 'internal';
}
