/** Who really asks, where proxies stand in between. */
import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** @param trustedProxies addresses and networks whose `X-Forwarded-For` is believed, as Fastify has it for requests */
export function clientAddress(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trust = trustedProxies.length > 0 ? proxyAddr.compile([...trustedProxies]) : () => false;
  return (request) => proxyAddr(request, trust);
}
