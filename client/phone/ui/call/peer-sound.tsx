import { useEffect, useRef } from 'react';
import { setPreferences, usePreferences } from '../../../app/preferences/preferences.ts';
import { TEST_IDS } from '../../../app/testids.ts';
import { useObservable } from '../../../app/ui/use-observable.ts';
import { DeviceError, setSpeaker } from '../../../sdk/devices.ts';
import type { Call } from '../../agent/call.ts';

/** Plays what the other ends say, whichever part of the phone is looked at. */
export function PeerSounds({ calls }: { readonly calls: readonly Call[] }) {
  return calls.map((call) => <PeerSound key={call.state.id} call={call} />);
}

function PeerSound({ call }: { readonly call: Call }) {
  const { sound, isHeld } = useObservable(call);
  const { speakerId } = usePreferences();
  const element = useRef<HTMLAudioElement>(null);
  const isHeard = sound !== null && !isHeld;

  useEffect(() => {
    const { current } = element;
    if (!current || !isHeard) return undefined;
    current.srcObject = new MediaStream([sound]);
    current.play().catch((error: unknown) => {
      // Replaced or ended before it could start.
      if (!(error instanceof DOMException && error.name === 'AbortError')) reportError(error);
    });
    return () => {
      current.srcObject = null;
    };
  }, [sound, isHeard]);

  useEffect(() => {
    const { current } = element;
    if (!current) return;
    setSpeaker(current, speakerId ?? '').catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
      // Unplugged: better heard somewhere than nowhere.
      setPreferences({ speakerId: null });
    });
  }, [speakerId]);

  return <audio ref={element} data-testid={TEST_IDS.audio} />;
}
