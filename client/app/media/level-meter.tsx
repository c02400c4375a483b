import { useEffect, useRef } from 'react';
import { LevelMeter as Meter } from '../../sdk/devices.ts';
import './level-meter.css';

interface LevelMeterProps {
  readonly track: MediaStreamTrack | null;
  readonly label: string;
}

/** A bar that moves with the voice; also while the microphone is muted, so that it can be tried in private. */
export function LevelMeter({ track, label }: LevelMeterProps) {
  const bar = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const { current } = bar;
    if (!track || !current) return undefined;
    const copy = track.clone();
    copy.enabled = true;
    const meter = new Meter(copy);
    // Past React: a picture of the voice twenty times a second is no state.
    meter.watch(({ level }) => {
      current.style.setProperty('--level', String(level));
      current.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    });
    return () => {
      meter.close();
      copy.stop();
      current.style.setProperty('--level', '0');
    };
  }, [track]);

  return (
    <span
      ref={bar}
      className="level-meter"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
    />
  );
}
