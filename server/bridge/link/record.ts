/** What is kept of a call, in the words of the contract. */
import type { CallRecord } from '../../signalling/contract/bridge.ts';
import type { Caller } from '../door.ts';
import type { CallEnd } from '../sip/call.ts';

/** @param inside what became of it at the server */
export function recordOf(
  caller: Caller,
  end: CallEnd,
  { room, failedPins }: Pick<CallRecord, 'room' | 'failedPins'>,
): CallRecord {
  const { callId, trunk, party, called, invitation } = caller;
  const { media } = end;
  return {
    ...{ callId, trunk, called, room, failedPins, number: party.number, name: party.name },
    direction: invitation === null ? 'inbound' : 'outbound',
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
