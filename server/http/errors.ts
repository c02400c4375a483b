/** What whoever asks over HTTP learns of an error: always of the same form, and nothing of ours. */
import type { FastifyReply, FastifyRequest } from 'fastify';

interface HttpError extends Error {
  statusCode?: number;
}

const CODES = new Map([
  [403, 'forbidden'],
  [404, 'not-found'],
  [429, 'rate-limited'],
]);

export function sendError(error: HttpError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status < 500) {
    void refuse(reply, status, error.message);
    return;
  }
  request.log.error({ err: error, url: request.url }, 'a web request failed');
  void reply.code(status).send({ error: { code: 'internal', message: 'The server has failed.' } });
}

/** @param status 400 to 499 */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ error: { code: CODES.get(status) ?? 'invalid-request', message } });
}
