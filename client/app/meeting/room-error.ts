import type { RoomError } from '../../sdk/types.ts';

/** Whether this is a failure that the room client means to be told. */
export function isRoomError(error: unknown): error is RoomError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
