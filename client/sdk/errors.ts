/** Failures of the client, each with a stable code; everything that goes wrong inside is turned into one of these. */
import type { ContractError } from '../../server/signalling/contract/words.ts';
import type { RoomError, RoomErrorCode } from './types.ts';

export class RoomClientError extends Error implements RoomError {
  override readonly name = 'RoomClientError';
  readonly code: RoomErrorCode;
  declare readonly retryAfterMs?: number;

  constructor(code: RoomErrorCode, message: string, options?: ErrorOptions & { retryAfterMs?: number }) {
    super(message, options);
    this.code = code;
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** What the server refused a request with. */
export function refusal({ code, message, retryAfterMs }: ContractError): RoomClientError {
  return new RoomClientError(code, message, retryAfterMs === undefined ? undefined : { retryAfterMs });
}

/** What one who waited at the door is told as the server tells who knocks again too soon. */
export function turnedAway(retryAfterMs: number): RoomClientError {
  return new RoomClientError('denied', 'A host has turned this client away.', { retryAfterMs });
}

/** Keeps what is a `RoomClientError` already; wraps all else under the given code. */
export function toRoomError(error: unknown, code: RoomErrorCode): RoomClientError {
  if (error instanceof RoomClientError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RoomClientError(code, message, { cause: error });
}

/** Whether the way to the server failed, rather than the request: it is made again when the way is back. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof RoomClientError && (error.code === 'unreachable' || error.code === 'timeout');
}

/** Whether the media worker was lost on the way: media is moved to another one, where all begins anew. */
export function isWorkerLoss(error: unknown): boolean {
  return error instanceof RoomClientError && error.code === 'media-unavailable';
}

/** Errors of `join` that another try cannot mend. */
const FINAL_CODES: ReadonlySet<RoomErrorCode> = new Set([
  'invalid-request',
  'forbidden',
  'password-required',
  'wrong-password',
  'room-locked',
  'denied',
  'banned',
  'token-required',
  'token-refused',
  'unknown-room',
  'version-mismatch',
  'unsupported-browser',
]);

/** Whether a reconnecting client should knock again after this error. */
export function isWorthRetrying(error: RoomError): boolean {
  return !FINAL_CODES.has(error.code);
}
