/** What is asked of whoever opens a socket, and told to browsers in every answer on the way there. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { safeHeaders } from '../safe-headers.ts';

/** Middleware of socket.io's engine. */
export function withSafeHeaders(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
  next();
}

/**
 * Whether a page of this origin may speak with us. Browsers let pages of any site open WebSockets to anywhere, with the
 * address, and the place in a network, of who looks at them (RFC 6455, 10.2). What is no browser sends no origin.
 *
 * @param allowed origins of other sites, and ours where a proxy gives us another name
 */
export function mayOpen({ headers }: IncomingMessage, allowed: ReadonlySet<string>): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return allowed.has(origin) || (URL.canParse(origin) && new URL(origin).host === withoutUsualPort(host));
}

/** Origins have no port that their scheme has anyway. */
function withoutUsualPort(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:(80|443)$/, '');
}
