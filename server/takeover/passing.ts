/**
 * Passes requests on to another server, over its unix socket: one connection each, so that a whole WebSocket takes the
 * same way as a single question.
 */
import { request as requestOnward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Passage } from '../http/web-door.ts';
import { headersWithPeer } from './peer.ts';

/** @param path of the socket */
export function passageTo(path: string, logger: Logger): Passage {
  const failed = (err: Error): void => {
    logger.debug({ err }, 'a request could not be passed on');
  };
  return {
    request(request, response) {
      const { method, url } = request;
      const onward = requestOnward({
        ...{ socketPath: path, method, path: url, agent: false },
        headers: headersWithPeer(request, false),
      });
      onward.on('response', (answer) => answerWith(answer, response, failed));
      onward.on('error', (error) => {
        failed(error);
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
      tie(socket, onward, failed);
      tie(onward, socket, failed);
    },
  };
}

function answerWith(answer: IncomingMessage, response: ServerResponse, failed: (error: Error) => void): void {
  const headers = Object.entries(answer.headersDistinct).filter(([name]) => {
    // Of the connection that ends here.
    return name !== 'connection' && name !== 'keep-alive';
  });
  for (const [name, values] of headers) if (values) response.setHeader(name, values);
  response.writeHead(answer.statusCode ?? 502);
  pipeline(answer, response, (error) => {
    if (error) failed(error);
  });
}

/** What was parsed, written again. */
function headOf(request: IncomingMessage): string {
  const headers = headersWithPeer(request, true);
  const lines = [`${String(request.method)} ${String(request.url)} HTTP/1.1`];
  for (let i = 0; i + 1 < headers.length; i += 2)
    lines.push(`${String(headers[i])}: ${String(headers[i + 1])}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** What comes in at one end goes out at the other, which ends with it. */
function tie(from: Duplex, to: Duplex, failed: (error: Error) => void): void {
  from.pipe(to);
  from.on('error', failed);
  from.on('close', () => to.destroy());
}
