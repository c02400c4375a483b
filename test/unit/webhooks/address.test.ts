import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { AddressError, assertPublicHost, isPublic, publicLookup } from '../../../server/webhooks/address.ts';

const INSIDE = [
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.5', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ...['169.254.169.254', '100.64.0.1', '192.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.1', '224.0.0.1'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1'],
  ...[
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
  ],
  ...['fe80::1%eth0', 'localhost', '', '127.1'],
];
const OUTSIDE = ['8.8.8.8', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'];

describe('Addresses that webhooks may go to', () => {
  it.each(INSIDE)('not %s', (address) => expect(isPublic(address)).toBe(false));
  it.each(OUTSIDE)('but %s', (address) => expect(isPublic(address)).toBe(true));

  it.each([
    ...['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ...['169.254.169.254', '127.0.0.1.', '１２７.0.0.1'],
  ])('not %s, however it is written in a URL', (host) => {
    expect(() => assertPublicHost(new URL(`http://${host}:8080/`))).toThrow(AddressError);
  });

  const outside: LookupAddress = { address: '8.8.8.8', family: 4 };
  const inside: LookupAddress = { address: '10.0.0.1', family: 4 };
  const find = (addresses: LookupAddress[], options: LookupOptions) =>
    new Promise((resolve, reject) => {
      publicLookup((_host, _options, callback) => callback(null, addresses))(
        'a.example',
        options,
        (error, found) => (error ? reject(error) : resolve(found)),
      );
    });

  it('are those of a name that are public, all or the first of them', async () => {
    await expect(find([inside, outside], { all: true })).resolves.toEqual([outside]);
    await expect(find([inside, outside], {})).resolves.toBe('8.8.8.8');
    await expect(find([inside], { all: true })).rejects.toThrow(AddressError);
    await expect(find([], {})).rejects.toThrow(AddressError);
  });

  it('are none when the name is not known', async () => {
    const unknown = Object.assign(new Error('not known'), { code: 'ENOTFOUND' });
    const lookup = publicLookup((_host, _options, callback) => callback(unknown, []));
    const error = await new Promise((resolve) => lookup('a.example', {}, (problem) => resolve(problem)));
    expect(error).toBe(unknown);
  });
});
