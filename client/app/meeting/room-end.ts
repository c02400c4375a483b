/** How a stay has ended. */
import type { LeaveReason, ParticipantId, RoomState } from '../../sdk/types.ts';
import { problemFrom, type Problem } from './problems.ts';

export type RoomEnd =
  | {
      readonly reason: LeaveReason;
      /** The name of who brought it about, if it was somebody else. */
      readonly by: string | null;
      /** Who was there, as CSV, for those who may take it along. */
      readonly attendance: string | null;
    }
  | { readonly problem: Problem };

/** One's own decision. */
export function leftByOneself(attendance: string | null): RoomEnd {
  return { reason: 'left', by: null, attendance };
}

/** What the server said, or what kept the client out. */
export function endFrom(
  ended: NonNullable<RoomState['ended']>,
  selfId?: ParticipantId,
  attendance: string | null = null,
): RoomEnd {
  if ('error' in ended) return { problem: problemFrom(ended.error) };
  const { reason, by } = ended;
  return { reason, by: by && by.participantId !== selfId ? by.name : null, attendance };
}
