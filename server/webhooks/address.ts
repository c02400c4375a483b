/**
 * Where webhooks may go: nowhere inside. Whoever sets a URL, or owns the name in it, must not get this server to speak
 * with what only this server can reach. Names are judged by what they resolve to at the moment of connecting.
 */
import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** As `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: { all: true; family?: number | 'IPv4' | 'IPv6' },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** False for loopback, private networks, link-local, multicast, and whatever else is not one machine of the internet. */
export function isPublic(address: string): boolean {
  // An IPv4 address that is wrapped into an IPv6 one is judged by what is inside.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** @throws AddressError for a URL with an address instead of a name, which is connected to without a lookup */
export function assertPublicHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) throw new AddressError(`${host} is not a public address.`);
}

/** A lookup for connections that finds public addresses only. */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (hostname, { family = 0, all = false }, callback) => {
    resolve(hostname, { all: true, family }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      const open = addresses.filter(({ address }) => isPublic(address));
      const [first] = open;
      if (!first) callback(new AddressError(`${hostname} has no public address.`), []);
      else if (all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}
