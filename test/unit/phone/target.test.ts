import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, parseTarget, readable, wishedCall } from '../../../client/phone/agent/target.ts';

const DOMAIN = 'pbx.test';
const addressFor = (input: string): string | undefined => parseTarget(input, DOMAIN)?.address;

describe('what is typed or linked', () => {
  it.each([
    ['200', 'sip:200@pbx.test'],
    [' ana ', 'sip:ana@pbx.test'],
    ['ana@Example.ORG', 'sip:ana@example.org'],
    ['sip:ana@example.org:5070;transport=tcp', 'sip:ana@example.org:5070'],
    ['SIPS:ana@[2001:db8::1]', 'sip:ana@[2001:db8::1]'],
    ['tel:+54-11-1234.5678', 'sip:+541112345678@pbx.test'],
    ['(011) 1234 5678', 'sip:01112345678@pbx.test'],
    ['*60#', 'sip:*60%23@pbx.test'],
    ['Ñandú', 'sip:%C3%91and%C3%BA@pbx.test'],
    ['sip:%2B54@example.org', 'sip:+54@example.org'],
  ])('%s becomes %s', (input, address) => {
    expect(addressFor(input)).toBe(address);
  });

  it.each([
    '',
    '   ',
    'sip:',
    '@example.org',
    'ana@',
    'ana@exa mple',
    'ana maria',
    'a\nVia: x',
    'x'.repeat(300),
  ])('%j is no address', (input) => {
    expect(parseTarget(input, DOMAIN)).toBeNull();
  });

  it('never carries headers or parameters of a link into the call', () => {
    expect(addressFor('sip:ana@example.org?Replaces=1%3Bto-tag%3D2&body=x')).toBe('sip:ana@example.org');
  });

  it('keeps the keys that are to be pressed once somebody answers', () => {
    expect(parseTarget('tel:+54111234,,123456#', DOMAIN)).toEqual({
      address: 'sip:+54111234@pbx.test',
      keys: ',,123456#',
    });
    expect(parseTarget('800,ana', DOMAIN)).toBeNull();
  });

  it('whatever it is, gives an address without anything that SIP could take for more, or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => {
        const address = addressFor(input);
        if (address !== undefined) expect(address).toMatch(/^sip:[^\s@<>"?;,]+@[a-z0-9.\-:[\]]+$/);
      }),
    );
  });

  it('means the same when it is read again', () => {
    fc.assert(
      fc.property(fc.string(), (input) => {
        const address = addressFor(input);
        if (address !== undefined) expect(addressFor(address)).toBe(address);
      }),
    );
  });
});

describe('an address', () => {
  it('is read without the domain that is one’s own', () => {
    expect(readable('sip:*60%23@pbx.test', DOMAIN)).toBe('*60#');
    expect(readable('sip:ana@example.org', DOMAIN)).toBe('ana@example.org');
    expect(readable(addressOf('100%', 'Pbx.Test'), 'PBX.test')).toBe('100%');
  });

  it('comes from a link, and only from its own parameter', () => {
    expect(wishedCall('?call=sip%3Aana%40example.org')).toBe('sip:ana@example.org');
    expect(wishedCall('?call=')).toBeNull();
    expect(wishedCall('?name=ana')).toBeNull();
  });
});
