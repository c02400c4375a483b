import { describe, expect, it } from 'vitest';
import { messageProblem } from '../../../client/phone/agent/messages.ts';
import { endReason, isPassing, registrationProblem } from '../../../client/phone/agent/reasons.ts';
import type { End } from '../../../client/phone/agent/reasons.ts';

const end = (change: Partial<End>): End => ({
  cause: 'SIP Failure Code',
  by: 'remote',
  status: null,
  reason: '',
  wasAnswered: false,
  ...change,
});

describe('the end of a call', () => {
  it.each([
    [{ cause: 'Terminated', by: 'local', wasAnswered: true }, 'hung-up'],
    [{ cause: 'Terminated', wasAnswered: true }, 'they-hung-up'],
    [{ cause: 'Canceled', by: 'local' }, 'cancelled'],
    [{ cause: 'Canceled' }, 'cancelled'],
    [{ cause: 'Canceled', reason: 'SIP;cause=200;text="Call completed elsewhere"' }, 'answered-elsewhere'],
    [{ cause: 'Busy', status: 486 }, 'busy'],
    [{ cause: 'Busy', status: 600 }, 'busy'],
    [{ cause: 'Rejected', status: 603 }, 'declined'],
    [{ cause: 'Rejected', status: 403 }, 'forbidden'],
    [{ cause: 'Rejected', status: 403, reason: 'Q.850;cause=21' }, 'declined'],
    [{ cause: 'Unavailable', status: 480, reason: 'Q.850 ;cause=19;text="No answer"' }, 'no-answer'],
    [{ cause: 'Unavailable', status: 480, reason: 'Q.850;cause=20' }, 'not-there'],
    [{ cause: 'Not Found', status: 404, reason: 'Q.850;cause=1' }, 'not-found'],
    [{ cause: 'Rejected', by: 'local' }, 'declined'],
    [{ cause: 'Not Found', status: 404 }, 'not-found'],
    [{ cause: 'Unavailable', status: 480 }, 'not-there'],
    [{ cause: 'Unavailable', status: 408 }, 'no-answer'],
    [{ cause: 'Address Incomplete', status: 484 }, 'bad-number'],
    [{ cause: 'Incompatible SDP', status: 488 }, 'no-media'],
    [{ cause: 'RTP Timeout', by: 'local', wasAnswered: true }, 'no-media'],
    [{ cause: 'Connection Error', by: 'local', wasAnswered: true }, 'unreachable'],
    [{ cause: 'Request Timeout', by: 'local', wasAnswered: true }, 'unreachable'],
    [{ cause: 'No Answer', by: 'local' }, 'no-answer'],
    [{ status: 503 }, 'pbx-failed'],
    [{ status: 499 }, 'failed'],
    [{ cause: 'Something new' }, 'failed'],
  ] satisfies [Partial<End>, string][])('%j is told as %s', (change, reason) => {
    expect(endReason(end(change))).toBe(reason);
  });
});

describe('a registration that fails', () => {
  it.each([
    ['Authentication Error', 401, 'wrong-password'],
    ['Authentication Error', null, 'wrong-password'],
    ['Rejected', 403, 'forbidden'],
    ['Not Found', 404, 'unknown-account'],
    ['SIP Failure Code', 503, 'pbx-failed'],
    ['Request Timeout', null, 'no-answer'],
    ['Connection Error', null, 'unreachable'],
    ['SIP Failure Code', 420, 'failed'],
  ])('by %s, %s, is told as %s', (cause, status, problem) => {
    expect(registrationProblem(cause, status)).toBe(problem);
  });

  it('is tried again only where that can help', () => {
    expect(isPassing('unreachable')).toBe(true);
    expect(isPassing('pbx-failed')).toBe(true);
    expect(isPassing('wrong-password')).toBe(false);
    expect(isPassing('forbidden')).toBe(false);
  });
});

describe('a message that fails', () => {
  it.each([
    ['Unavailable', 480, 'not-there'],
    ['Not Found', 404, 'not-found'],
    ['SIP Failure Code', 415, 'refused'],
    ['Connection Error', null, 'unreachable'],
    ['Request Timeout', null, 'no-answer'],
    ['SIP Failure Code', 500, 'failed'],
  ])('by %s, %s, is told as %s', (cause, status, problem) => {
    expect(messageProblem(cause, status)).toBe(problem);
  });
});
