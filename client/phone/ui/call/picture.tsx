import { TEST_IDS } from '../../../app/testids.ts';
import { Video } from '../../../app/ui/video.tsx';

interface PictureProps {
  readonly track: MediaStreamTrack;
  readonly label: string;
  readonly className: string;
  readonly source?: 'camera' | 'screen';
  readonly isSelf?: boolean;
}

/** A picture that moves. */
export function Picture({ track, label, className, source = 'camera', isSelf = false }: PictureProps) {
  return (
    <figure
      className={className}
      aria-label={label}
      data-testid={TEST_IDS.tile}
      data-source={source}
      data-self={isSelf || undefined}
    >
      <Video track={track} />
    </figure>
  );
}
