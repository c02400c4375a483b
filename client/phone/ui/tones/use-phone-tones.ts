import { useEffect, useSyncExternalStore } from 'react';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { Call } from '../../agent/call.ts';
import type { CallState } from '../../agent/call-state.ts';
import type { Desk } from '../../desk.ts';
import { busy, play, ringback, ringing, waiting } from './cadence.ts';

const CADENCES = { ringing, waiting, ringback, busy } as const;
export type Tone = keyof typeof CADENCES;

/** What the phone sounds like, as long as that is so. */
export function usePhoneTones(desk: Desk): void {
  const { calls } = useObservable(desk.agent);
  const { lastCall } = useObservable(desk);
  const tone = useSyncExternalStore(
    (listener) => subscribeAll(calls, listener),
    () =>
      toneOf(
        calls.map(({ state }) => state),
        lastCall,
      ),
  );
  useEffect(() => (tone === null ? undefined : play(CADENCES[tone])), [tone]);
}

/** @param lastCall the one that ended last, while nothing else has happened */
export function toneOf(calls: readonly CallState[], lastCall: CallState | null): Tone | null {
  const isRinging = calls.some(({ direction, phase }) => direction === 'inbound' && phase === 'ringing');
  const isTalking = calls.some(({ phase, isHeld }) => phase === 'talking' && !isHeld);
  if (isRinging) return isTalking ? 'waiting' : 'ringing';
  const outbound = calls.find(({ direction, phase }) => direction === 'outbound' && phase === 'ringing');
  // Early media is their own ringing, or an announcement.
  if (outbound) return outbound.hasSound ? null : 'ringback';
  if (calls.length > 0 || lastCall === null) return null;
  const { direction, answeredAt, endReason } = lastCall;
  return direction === 'outbound' && answeredAt === null && endReason !== 'cancelled' ? 'busy' : null;
}

function subscribeAll(calls: readonly Call[], listener: () => void): () => void {
  const ends = calls.map((call) => call.subscribe(listener));
  return () => {
    for (const end of ends) end();
  };
}
