/** Where media is to be listened for, and where people find the page. Pure: the interfaces are given. */
import { isIPv6 } from 'node:net';
import type { networkInterfaces } from 'node:os';

/** As `os.networkInterfaces()` tells. */
export type Interfaces = ReturnType<typeof networkInterfaces>;

export interface MediaAddress {
  ip: string;
  announcedAddress?: string;
}

/**
 * The addresses for media, most preferred first. Without a setting these are all of this machine's, loopback last:
 * browsers on this machine reach the others as well, and Firefox uses no other.
 */
export function mediaAddresses(
  settings: { rtcListen: readonly MediaAddress[]; announcedAddress: string | null },
  interfaces: Interfaces,
): MediaAddress[] {
  if (settings.rtcListen.length > 0) return [...settings.rtcListen];
  if (settings.announcedAddress !== null) {
    return [{ ip: '0.0.0.0', announcedAddress: settings.announcedAddress }];
  }
  return [...externalAddresses(interfaces), '127.0.0.1'].map((ip) => ({ ip }));
}

/** The URLs that open the page, one for each address that it is served on. */
export function pageUrls(
  settings: { host: string; port: number; basePath: string; secure: boolean },
  interfaces: Interfaces,
): string[] {
  const { host, port, basePath, secure } = settings;
  const isLocal = host === '127.0.0.1' || host === '::1';
  let hosts = [isLocal ? 'localhost' : host];
  if (host === '::') hosts = ['localhost', ...externalAddresses(interfaces)];
  // It takes IPv4 only.
  if (host === '0.0.0.0') hosts = ['localhost', ...externalAddresses(interfaces).filter((ip) => !isIPv6(ip))];
  const isUsualPort = port === (secure ? 443 : 80);
  return hosts.map((name) => {
    const authority = `${isIPv6(name) ? `[${name}]` : name}${isUsualPort ? '' : `:${port}`}`;
    return `${secure ? 'https' : 'http'}://${authority}${basePath}/`;
  });
}

/** Addresses that other machines may reach: no loopback, none that is valid on one link only. */
export function externalAddresses(interfaces: Interfaces): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const external = all.filter(({ internal, address }) => !internal && !/^(fe80|169\.254)/i.test(address));
  const [v4, v6] = [
    external.filter(({ family }) => family === 'IPv4'),
    external.filter(({ family }) => family === 'IPv6'),
  ];
  return [...v4, ...v6].map(({ address }) => address);
}
