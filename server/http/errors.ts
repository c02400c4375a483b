/** What whoever asks over HTTP learns of an error: always of the same form, and nothing of ours. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ConferenceError } from '../conference/errors.ts';
import type { ConferenceErrorCode } from '../conference/errors.ts';

/** A request that a route refuses. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  /** 400 to 503. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

interface HttpError extends Error {
  statusCode?: number;
}

const CODES = new Map([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [406, 'not-acceptable'],
  [429, 'rate-limited'],
]);

/** Those that are absent are for doors, where nobody comes to over HTTP. */
const STATUS_OF: Partial<Record<ConferenceErrorCode, number>> = {
  forbidden: 403,
  'unknown-participant': 404,
  'unknown-publication': 404,
  'unknown-message': 404,
  'unknown-knock': 404,
  'unknown-room': 404,
  'token-required': 401,
  'token-refused': 401,
  'too-many-calls': 429,
  'calls-unavailable': 503,
  'too-many-rooms': 503,
  'server-draining': 503,
  'media-unavailable': 503,
};

export function sendError(error: HttpError, request: FastifyRequest, reply: FastifyReply): void {
  if (hasZodFastifySchemaValidationErrors(error)) {
    void refuse(reply, 400, describe(error));
    return;
  }
  if (error instanceof HttpRefusal) {
    if (error.cause !== undefined) request.log.warn({ err: error }, 'a web request was refused');
    else if (error.status === 401 || error.status === 403) noteStranger(error, request);
    void send(reply, error.status, error.code, error.message);
    return;
  }
  if (error instanceof ConferenceError) {
    void send(reply, STATUS_OF[error.code] ?? 409, error.code, error.message);
    return;
  }
  const status = error.statusCode ?? 500;
  if (status < 500) {
    void refuse(reply, status, error.message);
    return;
  }
  // Without its query, which may hold a code or a token.
  request.log.error({ err: error, url: request.url.replace(/\?.*/, '') }, 'a web request failed');
  void send(reply, 500, 'internal', 'The server has failed.');
}

/** Who tries keys, or what a key is not for, is to be found in the log. */
function noteStranger({ code }: HttpRefusal, { ip, method, routeOptions, log }: FastifyRequest): void {
  log.info({ code, address: ip, method, route: routeOptions.url }, 'a web request was refused');
}

/** @param status 400 to 499 */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return send(reply, status, CODES.get(status) ?? 'invalid-request', message);
}

function send(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  // Routes promise the form of what they answer; this one they all share.
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error: { code, message } });
}

/** Names of fields that there are not can be as long as a request: no more of them than this is repeated. */
const MAX_DESCRIPTION = 200;

/** Names the first field that does not fit, and never repeats its value. */
function describe({
  validation: [first],
}: {
  validation: readonly { instancePath: string; message?: string | undefined }[];
}): string {
  const path = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
  const message = first?.message ?? 'The request does not fit.';
  return (path === '' ? message : `${path}: ${message}`).slice(0, MAX_DESCRIPTION);
}
