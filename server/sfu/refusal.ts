/** How mediasoup's refusals become the conference's errors. */
import { errors } from 'mediasoup';
import { ConferenceError } from '../conference/errors.ts';

/**
 * The error for a call into mediasoup that failed: `media-unavailable` when the worker is gone, else
 * `unsupported-media`, with mediasoup's reason as its message.
 */
export function refusal(error: unknown): ConferenceError {
  if (error instanceof ConferenceError) return error;
  if (error instanceof errors.WorkerClosedError) {
    return new ConferenceError('media-unavailable', 'The media worker was lost.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ConferenceError('unsupported-media', message, { cause: error });
}

/** For what can not be done at the moment, or no more. */
export function unavailable(reason: string): ConferenceError {
  return new ConferenceError('media-unavailable', reason);
}
