import { useEffect, useRef, type ReactNode } from 'react';
import { LevelMeter } from '../../../sdk/devices.ts';

interface VoiceRingProps {
  /** Null for silence. */
  readonly track: MediaStreamTrack | null;
  readonly children: ReactNode;
}

/** A ring that grows with a voice, around the picture of whoever has no face to be seen speaking. */
export function VoiceRing({ track, children }: VoiceRingProps) {
  const ring = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const { current } = ring;
    if (!track || !current) return undefined;
    const meter = new LevelMeter(track);
    // Past React: a picture of the voice twenty times a second is no state.
    meter.watch(({ level }) => current.style.setProperty('--level', level.toFixed(2)));
    return () => {
      meter.close();
      current.style.removeProperty('--level');
    };
  }, [track]);

  return (
    <span ref={ring} className="voice-ring">
      {children}
    </span>
  );
}
