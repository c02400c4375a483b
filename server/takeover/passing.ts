/**
 * Passes requests on to another server, over its unix socket: one connection each, so that a whole WebSocket takes the
 * same way as a single question.
 */
import { request as requestOnward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import type { Logger } from 'pino';
import type { Passage } from '../http/web-door.ts';
import { headersWithPeer } from './peer.ts';

type Ended = (error: Error | null | undefined) => void;

/** @param path of the socket */
export function passageTo(path: string, logger: Logger): Passage {
  const ended: Ended = (err) => {
    if (err) logger.debug({ err }, 'a request could not be passed on to its end');
  };
  return {
    request(request, response) {
      const { method, url } = request;
      const onward = requestOnward({
        ...{ socketPath: path, method, path: url, agent: false },
        headers: headersWithPeer(request, false),
      });
      onward.on('response', (answer) => answerWith(answer, response, ended));
      onward.on('error', (error) => {
        ended(error);
        if (response.headersSent) response.destroy();
        else response.writeHead(502).end();
      });
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    },
    upgrade(request, socket, head) {
      const onward = connect(path);
      onward.write(headOf(request), 'latin1');
      onward.write(head);
      // What one end has sent last still comes out at the other.
      pipeline(socket, onward, ended);
      pipeline(onward, socket, ended);
    },
  };
}

function answerWith(answer: IncomingMessage, response: ServerResponse, ended: Ended): void {
  const headers = Object.entries(answer.headersDistinct).filter(([name]) => {
    // Of the connection that ends here.
    return name !== 'connection' && name !== 'keep-alive';
  });
  for (const [name, values] of headers) if (values) response.setHeader(name, values);
  response.writeHead(answer.statusCode ?? 502);
  pipeline(answer, response, ended);
}

/** What was parsed, written again. */
function headOf(request: IncomingMessage): string {
  const headers = headersWithPeer(request, true);
  const lines = [`${String(request.method)} ${String(request.url)} HTTP/1.1`];
  for (let i = 0; i + 1 < headers.length; i += 2)
    lines.push(`${String(headers[i])}: ${String(headers[i + 1])}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
