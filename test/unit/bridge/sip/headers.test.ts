import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkCauseOf, parseAddress } from '../../../../server/bridge/sip/headers.ts';

describe('an address', () => {
  test.each([
    ['sip:bob@pbx.test', { user: 'bob', host: 'pbx.test', name: null }],
    ['<sip:bob@PBX.test:5060;transport=ws>;tag=1', { user: 'bob', host: 'pbx.test', name: null }],
    ['Bob Smith <sip:bob@pbx.test>', { user: 'bob', host: 'pbx.test', name: 'Bob Smith' }],
    [
      String.raw`"Smith, \"Bob\" <x>" <sips:b%20b@pbx.test>`,
      { user: 'b b', host: 'pbx.test', name: 'Smith, "Bob" <x>' },
    ],
    ['<tel:+541112345678>', { user: '+541112345678', host: '', name: null }],
    ['<sip:a@one.test>, <sip:b@two.test>', { user: 'a', host: 'one.test', name: null }],
    ['<sip:carol@[2001:db8::1]:5060>', { user: 'carol', host: '[2001:db8::1]', name: null }],
    ['<sip:bob@pbx.test?Replaces=x%3Bto-tag%3D1>', { user: 'bob', host: 'pbx.test', name: null }],
    ['<sip:50%@pbx.test>', { user: '50%', host: 'pbx.test', name: null }],
  ])('%s is read', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  test.each([undefined, '', 'bob', '<mailto:bob@pbx.test>', '"<sip:bob@pbx.test>', '<>'])(
    '%s is none',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );

  test('is never more than what was there, and never fails', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const address = parseAddress(text);
        if (address?.user) expect(text.length).toBeGreaterThanOrEqual(address.host.length);
      }),
    );
  });
});

test.each([
  [['Q.850;cause=21'], 21],
  [['SIP;cause=603;text="Decline", Q.850 ; text=x ; Cause=17'], 17],
  [['SIP;cause=603', 'Q.850;cause=19;text="No answer"'], 19],
  [['SIP;cause=603', 'Q.850, X;cause=21', 'q.850;cause=x'], null],
  [[], null],
])('the cause of a telephone network in %j is %s', (reasons, cause) => {
  expect(networkCauseOf(reasons)).toBe(cause);
});
