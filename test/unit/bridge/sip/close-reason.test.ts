import { expect, test } from 'vitest';
import { closeReasonOf, faultOf } from '../../../../server/bridge/sip/close-reason.ts';

test.each([
  [{ cause: 'Busy', status: 486, networkCause: null }, 'busy', 'phone'],
  [{ cause: 'Rejected', status: 603, networkCause: null }, 'declined', 'phone'],
  [{ cause: 'Unavailable', status: 480, networkCause: null }, 'unreachable', 'phone'],
  [{ cause: 'SIP Failure Code', status: 503, networkCause: null }, 'trunk-failed', 'trunk'],
  [{ cause: 'Rejected', status: 403, networkCause: null }, 'trunk-refused', 'trunk'],
  [{ cause: 'Not Found', status: 404, networkCause: null }, 'not-found', 'caller'],
  [{ cause: 'Address Incomplete', status: 484, networkCause: null }, 'not-found', 'caller'],
  [{ cause: 'Not Found', status: 604, networkCause: null }, 'not-found', 'caller'],
  [{ cause: 'Redirected', status: 302, networkCause: null }, 'unreachable', 'phone'],
  [{ cause: 'Authentication Error', status: 407, networkCause: null }, 'trunk-refused', 'trunk'],
  [{ cause: 'Terminated', status: null, networkCause: null }, 'hung-up', 'nobody'],
  [{ cause: 'Canceled', status: null, networkCause: null }, 'cancelled', 'nobody'],
  [{ cause: 'Request Timeout', status: null, networkCause: null }, 'no-response', 'phone'],
  [{ cause: 'Connection Error', status: null, networkCause: null }, 'trunk-down', 'trunk'],
  [{ cause: 'something new', status: null, networkCause: null }, 'internal', 'bridge'],
  [{ cause: 'Terminated', status: 200, networkCause: null }, 'hung-up', 'nobody'],
  // What Asterisk makes of a 603, of a telephone that nobody takes, and of one that is not there.
  [{ cause: 'Rejected', status: 403, networkCause: 21 }, 'declined', 'phone'],
  [{ cause: 'Unavailable', status: 480, networkCause: 19 }, 'no-answer', 'phone'],
  [{ cause: 'Unavailable', status: 480, networkCause: 20 }, 'unreachable', 'phone'],
  // A cause that says nothing, and one of a call that has ended well.
  [{ cause: 'Rejected', status: 403, networkCause: 16 }, 'trunk-refused', 'trunk'],
  [{ cause: 'Terminated', status: null, networkCause: 21 }, 'hung-up', 'nobody'],
])('%j is %s, by %s', (end, reason, fault) => {
  expect(closeReasonOf(end)).toBe(reason);
  expect(faultOf(closeReasonOf(end))).toBe(fault);
});
