import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { mediaAddresses, pageUrls } from '../../../server/config/listen.ts';

function address(ip: string, internal = false): NetworkInterfaceInfo {
  const common = { address: ip, netmask: '', mac: '', internal, cidr: null };
  return ip.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

const INTERFACES = {
  lo: [address('127.0.0.1', true), address('::1', true)],
  eth0: [address('192.0.2.5'), address('2001:db8::5'), address('fe80::5')],
  usb0: [address('169.254.3.4')],
};
const NONE = { rtcListen: [], announcedAddress: null };

describe('Addresses for media', () => {
  it('are all that others may reach, then loopback', () => {
    expect(mediaAddresses(NONE, INTERFACES).map(({ ip }) => ip)).toEqual([
      '192.0.2.5',
      '2001:db8::5',
      '127.0.0.1',
    ]);
    expect(mediaAddresses(NONE, {})).toEqual([{ ip: '127.0.0.1' }]);
  });

  it('are what settings say', () => {
    const rtcListen = [{ ip: '192.0.2.5' }];
    expect(mediaAddresses({ ...NONE, rtcListen }, INTERFACES)).toEqual(rtcListen);
    expect(mediaAddresses({ ...NONE, announcedAddress: '203.0.113.7' }, INTERFACES)).toEqual([
      { ip: '0.0.0.0', announcedAddress: '203.0.113.7' },
    ]);
  });
});

describe('URLs of the page', () => {
  it.each([
    ['127.0.0.1', 3000, false, ['http://localhost:3000/meet/']],
    ['meet.example.org', 443, true, ['https://meet.example.org/meet/']],
    ['2001:db8::5', 80, false, ['http://[2001:db8::5]/meet/']],
    ['0.0.0.0', 3443, true, ['https://localhost:3443/meet/', 'https://192.0.2.5:3443/meet/']],
    [
      '::',
      3443,
      true,
      ['localhost', '192.0.2.5', '[2001:db8::5]'].map((name) => `https://${name}:3443/meet/`),
    ],
  ])('on %s:%d', (host, port, secure, urls) => {
    expect(pageUrls({ host, port, basePath: '/meet', secure }, INTERFACES)).toEqual(urls);
  });
});
