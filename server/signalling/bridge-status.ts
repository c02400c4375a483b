/** What is known of the bridges at any moment: their trunks, their load, and the calls that they carry. */
import type { ParticipantId, RoomName } from '../conference/model.ts';
import type { BridgeLoad, StartedCall, TrunkState } from './contract/bridge.ts';

export interface BridgeStatus {
  id: string;
  /** Since when it is here, in ms since the epoch. */
  since: number;
  trunks: readonly TrunkStatus[];
  /** Null until it has told. */
  load: BridgeLoad | null;
  /** Those that ask for a room, or are in one; others are only counted, by the trunks. */
  calls: readonly RunningCall[];
}

export interface TrunkStatus extends TrunkState {
  /** Since when it is in this state, as far as this server knows, in ms since the epoch. */
  since: number;
  /** The last that went wrong, in words for people, and when, in ms since the epoch; null if nothing did. */
  lastProblem: { reason: string; at: number } | null;
}

export interface RunningCall extends StartedCall {
  /** `asking`: for a room number or a PIN. */
  state: 'asking' | 'waiting' | 'in-room';
  /** Null while it asks. */
  room: RoomName | null;
  /** Since when it waits or is in the room, in ms since the epoch; null while it asks. */
  since: number | null;
  /** By what the room knows it; null while it is not in. */
  participantId: ParticipantId | null;
}

/** What trunks are after a bridge has told of them anew. Pure. @param now ms since the epoch */
export function trunksAfter(
  known: readonly TrunkStatus[],
  told: readonly TrunkState[],
  now: number,
): TrunkStatus[] {
  return told.map((trunk) => {
    const before = known.find(({ name }) => name === trunk.name);
    const isSame = before?.state === trunk.state;
    const { reason } = trunk;
    const isNews = reason !== null && (reason !== before?.reason || !isSame);
    return {
      ...trunk,
      since: isSame ? before.since : now,
      lastProblem: isNews ? { reason, at: now } : (before?.lastProblem ?? null),
    };
  });
}
