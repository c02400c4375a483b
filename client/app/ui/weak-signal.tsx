import type { ParticipantInfo } from '../../sdk/types.ts';
import { useText } from '../i18n/text.ts';

/** As signals are drawn everywhere: a dot, and bars that rise. */
const BARS = ['M2 20h.01', 'M7 20v-4', 'M12 20v-8', 'M17 20V8', 'M22 4v16'];
/** How many of them are full. */
const FULL = { fair: 3, poor: 2 };

interface WeakSignalProps {
  readonly quality: Exclude<ParticipantInfo['quality'], 'good'>;
  readonly className?: string;
}

/** A connection that is not good. What it lacks is drawn as well, or a single bar would look like a speck. */
export function WeakSignal({ quality, className }: WeakSignalProps) {
  const text = useText();
  return (
    <svg
      className={className}
      width="18"
      height="18"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      role="img"
      aria-label={text(quality === 'fair' ? 'room.qualityFair' : 'room.qualityPoor')}
    >
      {BARS.map((bar, index) => (
        <path key={bar} d={bar} opacity={index < FULL[quality] ? 1 : 0.35} />
      ))}
    </svg>
  );
}
