/** What is kept of a call, in the words of the contract. */
import type { CallRecord } from '../../signalling/contract/bridge.ts';
import type { CallDetails, CallEnd } from '../sip/call.ts';

/** @param inside what became of it at the server */
export function recordOf(
  { id: callId, direction, trunk, party, called }: CallDetails,
  end: CallEnd,
  { room, failedPins }: Pick<CallRecord, 'room' | 'failedPins'>,
): CallRecord {
  const { media } = end;
  return {
    ...{ callId, direction, trunk, called, room, failedPins, number: party.number, name: party.name },
    startedAt: end.startedAtMs,
    answeredAt: end.answeredAtMs,
    endedAt: end.endedAtMs,
    ...{ reason: end.reason, fault: end.fault, sipStatus: end.sipStatus },
    leg: media?.kind ?? null,
    codec: media?.codec ?? null,
    packetsReceived: media?.packetsReceived ?? 0,
    packetsLost: Math.max(0, media?.packetsLost ?? 0),
    jitterMs: media?.jitterMs ?? 0,
  };
}
