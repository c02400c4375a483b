import { expect, test } from 'vitest';
import { closeReasonOf, faultOf } from '../../../../server/bridge/sip/close-reason.ts';

test.each([
  [{ cause: 'Busy', status: 486 }, 'busy', 'phone'],
  [{ cause: 'Rejected', status: 603 }, 'declined', 'phone'],
  [{ cause: 'Unavailable', status: 480 }, 'unreachable', 'phone'],
  [{ cause: 'SIP Failure Code', status: 503 }, 'trunk-failed', 'trunk'],
  [{ cause: 'Rejected', status: 403 }, 'trunk-refused', 'trunk'],
  [{ cause: 'Not Found', status: 404 }, 'not-found', 'caller'],
  [{ cause: 'Address Incomplete', status: 484 }, 'not-found', 'caller'],
  [{ cause: 'Not Found', status: 604 }, 'not-found', 'caller'],
  [{ cause: 'Redirected', status: 302 }, 'unreachable', 'phone'],
  [{ cause: 'Authentication Error', status: 407 }, 'trunk-refused', 'trunk'],
  [{ cause: 'Terminated', status: null }, 'hung-up', 'nobody'],
  [{ cause: 'Canceled', status: null }, 'cancelled', 'nobody'],
  [{ cause: 'Request Timeout', status: null }, 'no-response', 'phone'],
  [{ cause: 'Connection Error', status: null }, 'trunk-down', 'trunk'],
  [{ cause: 'something new', status: null }, 'internal', 'bridge'],
  [{ cause: 'Terminated', status: 200 }, 'hung-up', 'nobody'],
])('%j is %s, by %s', (end, reason, fault) => {
  expect(closeReasonOf(end)).toBe(reason);
  expect(faultOf(closeReasonOf(end))).toBe(fault);
});
