/** Who really asks, where proxies stand in between, as far as limits and bans go. */
import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';

/** @param trustedProxies addresses and networks whose `X-Forwarded-For` is believed, as Fastify has it for requests */
export function clientAddress(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trust = trustedProxies.length > 0 ? proxyAddr.compile([...trustedProxies]) : () => false;
  return (request) => subscriber(proxyAddr(request, trust));
}

/**
 * What one subscriber of a provider has: an IPv4 address, or an IPv6 network of 64 bits (RFC 6177), in which every
 * machine has as many addresses as it likes. All whose connections have ended meanwhile have none, and are one.
 */
export function subscriber(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return '';
  // IPv4 may come wrapped into IPv6.
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
