/** Why calls end and registrations fail: SIP's codes and JsSIP's causes, as the few things that a person can act on. */

/** Why a call is over. */
export type EndReason =
  | 'hung-up'
  | 'they-hung-up'
  /** Put through to somebody else, by us. */
  | 'transferred'
  /** Given up before anybody answered, by whoever called. */
  | 'cancelled'
  /** Taken by another phone of the same account, or by somebody else of a group. */
  | 'answered-elsewhere'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'not-found'
  | 'bad-number'
  /** The account exists, and no phone is signed in with it. */
  | 'not-there'
  | 'forbidden'
  /** Both ends know no common way to carry sound, or none got through. */
  | 'no-media'
  /** Our connection to the PBX is gone. */
  | 'unreachable'
  | 'pbx-failed'
  | 'failed';

export interface End {
  /** JsSIP's word. */
  readonly cause: string;
  readonly by: 'local' | 'remote' | 'system';
  /** SIP's status code, where an answer ended it. */
  readonly status: number | null;
  /** The text of a `Reason` header (RFC 3326), where there is one. */
  readonly reason: string;
  readonly wasAnswered: boolean;
}

export type RegistrationProblem =
  'wrong-password' | 'unknown-account' | 'forbidden' | 'unreachable' | 'no-answer' | 'pbx-failed' | 'failed';

const BY_STATUS: ReadonlyMap<number, EndReason> = new Map([
  [401, 'forbidden'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [407, 'forbidden'],
  [408, 'no-answer'],
  [410, 'not-found'],
  [415, 'no-media'],
  [480, 'not-there'],
  [484, 'bad-number'],
  [486, 'busy'],
  [487, 'cancelled'],
  [488, 'no-media'],
  [600, 'busy'],
  [603, 'declined'],
  [604, 'not-found'],
  [606, 'no-media'],
]);

/**
 * By the cause of the telephone network (Q.850), where it tells more than the response that was made of it (RFC 3398,
 * section 7.2.4.1): a PBX makes a 403 of a call that is declined, and a 480 of one that nobody takes.
 */
const BY_NETWORK_CAUSE: ReadonlyMap<number, EndReason> = new Map([
  [17, 'busy'],
  [18, 'no-answer'],
  [19, 'no-answer'],
  [20, 'not-there'],
  [21, 'declined'],
  [27, 'not-there'],
]);

const BY_CAUSE: ReadonlyMap<string, EndReason> = new Map([
  ['Connection Error', 'unreachable'],
  ['Request Timeout', 'no-answer'],
  ['No Answer', 'no-answer'],
  ['Expires', 'no-answer'],
  ['Canceled', 'cancelled'],
  ['RTP Timeout', 'no-media'],
  ['WebRTC Error', 'no-media'],
  ['Incompatible SDP', 'no-media'],
  ['Bad Media Description', 'no-media'],
  ['Missing SDP', 'no-media'],
  ['Not Found', 'not-found'],
  ['Rejected', 'declined'],
]);

export function endReason({ cause, by, status, reason, wasAnswered }: End): EndReason {
  if (cause === 'Terminated') return by === 'local' ? 'hung-up' : 'they-hung-up';
  if (cause === 'Canceled' && /cause=200\b/.test(reason)) return 'answered-elsewhere';
  const told = status === null ? undefined : (byNetworkCause(reason) ?? BY_STATUS.get(status));
  if (told) return told;
  if (status !== null && status >= 500 && status < 600) return 'pbx-failed';
  // Nobody to time out once somebody has answered: the connection is what is missing.
  if (wasAnswered && cause === 'Request Timeout') return 'unreachable';
  return BY_CAUSE.get(cause) ?? 'failed';
}

function byNetworkCause(reason: string): EndReason | undefined {
  const [, cause] = /\bQ\.850\s*;\s*cause=(\d+)/i.exec(reason) ?? [];
  return BY_NETWORK_CAUSE.get(Number(cause));
}

/** @param status null when there was no answer */
export function registrationProblem(cause: string, status: number | null): RegistrationProblem {
  if (status === 401 || status === 407 || cause === 'Authentication Error') return 'wrong-password';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'unknown-account';
  if (status !== null && status >= 500 && status < 600) return 'pbx-failed';
  if (cause === 'Request Timeout') return 'no-answer';
  if (cause === 'Connection Error') return 'unreachable';
  return 'failed';
}

/** Whether trying again without changing anything can help. */
export function isPassing(problem: RegistrationProblem): boolean {
  switch (problem) {
    case 'unreachable':
    case 'no-answer':
    case 'pbx-failed':
      return true;
    case 'wrong-password':
    case 'unknown-account':
    case 'forbidden':
    case 'failed':
      return false;
  }
}
