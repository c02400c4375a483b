import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../server/http/client-address.ts';

/** A request that came from there by way of others. */
function requestFrom(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  if (forwardedFor !== undefined) request.headers['x-forwarded-for'] = forwardedFor;
  return request;
}

describe('The address that limits and bans go by', () => {
  const direct = clientAddress([]);

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, known) => {
    expect(direct(requestFrom(address))).toBe(known);
  });

  it('is none for a connection that has ended', () => {
    expect(direct(new IncomingMessage(new Socket()))).toBe('');
  });

  it('is what proxies that are trusted say, and no others', () => {
    const request = requestFrom('10.0.0.1', '192.0.2.66, 2001:db8:1:2::9');
    expect(direct(request)).toBe('10.0.0.1');
    expect(clientAddress(['10.0.0.0/8'])(request)).toBe('2001:db8:1:2::/64');
  });
});
