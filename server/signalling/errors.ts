/** The one place that decides what a client learns of an error. */
import { z } from 'zod';
import { ConferenceError } from '../conference/errors.ts';
import type { ContractError, ErrorCode } from './contract.ts';

/** A request that signalling itself refuses. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  /** Ms from now. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Where trying again makes sense, ms from now. */
const RETRY_AFTER_MS: Partial<Record<ErrorCode, number>> = {
  'media-unavailable': 500,
  'room-full': 5_000,
  'too-many-rooms': 5_000,
  'server-draining': 3_000,
};

/** Null for an error that is none of the client's business, a mistake of ours: such are logged as errors. */
export function expected(error: unknown): ContractError | null {
  if (error instanceof z.ZodError) return { code: 'invalid-request', message: describe(error) };
  if (!(error instanceof ConferenceError) && !(error instanceof RequestError)) return null;
  const { code, message } = error;
  const retryAfterMs = error.retryAfterMs ?? RETRY_AFTER_MS[code];
  return { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

export const internal: ContractError = {
  code: 'internal',
  message: 'The server has failed; it is logged there.',
};

/**
 * Whoever is of another age is told so, rather than that the payload does not fit.
 * @throws RequestError `version-mismatch`
 */
export function assertVersion(payload: unknown, version: number): void {
  const isOther =
    typeof payload === 'object' &&
    payload !== null &&
    'version' in payload &&
    typeof payload.version === 'number' &&
    payload.version !== version;
  if (isOther) throw new RequestError('version-mismatch', `This server speaks version ${version}.`);
}

/** Names of fields that there are not can be as long as a message: no more of them than this is repeated. */
const MAX_DESCRIPTION = 200;

/** Names the first field that does not fit, and never repeats its value. */
function describe({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (!issue) return 'The payload does not fit.';
  const path = issue.path.map(String).join('.');
  return (path === '' ? issue.message : `${path}: ${issue.message}`).slice(0, MAX_DESCRIPTION);
}
