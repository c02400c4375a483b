import { useEffect } from 'react';
import { watchSpeaking } from '../../../sdk/devices.ts';
import type { Session } from '../../meeting/session.ts';
import { useObservable } from '../../ui/use-observable.ts';
import { whyNotAllowed } from '../not-allowed.ts';

/** Told again at the earliest after this, in ms: a hint, not a scolding. */
const PAUSE_MS = 20_000;

/** Tells somebody who speaks while muted, and could unmute. */
export function useMutedSpeech({ client, media, notices }: Session): void {
  const { microphone } = useObservable(media);
  const { track, isOn } = microphone;

  useEffect(() => {
    if (!track || isOn) return undefined;
    let toldAt = -Infinity;
    return watchSpeaking(track, (isSpeaking) => {
      if (!isSpeaking || Date.now() - toldAt < PAUSE_MS) return;
      if (whyNotAllowed(client.state, 'microphone') !== null) return;
      toldAt = Date.now();
      notices.show((text) => text('notice.mutedButSpeaking'), 'warning');
    });
  }, [track, isOn, client, notices]);
}
