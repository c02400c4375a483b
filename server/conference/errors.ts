/** Errors that a request can end with, each with the stable code that the client learns. */

/** The subset of the contract's error codes that the conference and its ports raise. */
export type ConferenceErrorCode =
  | 'room-full'
  | 'too-many-rooms'
  | 'unknown-publication'
  | 'unknown-subscription'
  | 'too-many-publications'
  | 'unsupported-media'
  | 'forbidden'
  | 'password-required'
  | 'wrong-password'
  | 'pin-required'
  | 'wrong-pin'
  | 'room-locked'
  | 'denied'
  | 'banned'
  | 'token-required'
  | 'token-refused'
  | 'unknown-participant'
  | 'unknown-message'
  | 'unknown-knock'
  | 'unknown-room'
  | 'lobby-full'
  | 'too-many-calls'
  | 'calls-unavailable'
  | 'server-draining'
  | 'media-unavailable';

export class ConferenceError extends Error {
  override readonly name = 'ConferenceError';
  readonly code: ConferenceErrorCode;
  /** When trying again makes sense, in ms from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ConferenceErrorCode,
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
