/**
 * Who really asks, where one server passes requests on to another: told in a header that is believed on the unix socket
 * between them alone, and put where everything looks for it, in the socket.
 */
import type { IncomingMessage } from 'node:http';

const HEADER = 'x-tertulia-peer';

/** As lines of a request: all of them as they came, but what is about the connection, and who sent them. */
export function headersWithPeer(request: IncomingMessage, keepsConnection: boolean): string[] {
  const { rawHeaders, socket } = request;
  const headers: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    const isOfConnection = !keepsConnection && /^(connection|keep-alive)$/i.test(name);
    if (!isOfConnection && name.toLowerCase() !== HEADER) headers.push(name, value);
  }
  const scheme = 'encrypted' in socket ? 'https' : 'http';
  return [...headers, HEADER, `${scheme} ${socket.remoteAddress ?? ''}`];
}

/** Gives the socket the address and the encryption of the one that the other server has the request from. */
export function takePeer({ headers, socket }: IncomingMessage): void {
  const [scheme, address] = String(headers[HEADER] ?? '').split(' ');
  Reflect.deleteProperty(headers, HEADER);
  Object.defineProperty(socket, 'remoteAddress', { value: address || undefined });
  if (scheme === 'https') Object.defineProperty(socket, 'encrypted', { value: true });
}
