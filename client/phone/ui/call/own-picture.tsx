import { useText } from '../../../app/i18n/text.ts';
import type { LocalMedia } from '../../../app/media/local-media.ts';
import { useObservable } from '../../../app/ui/use-observable.ts';
import { Picture } from './picture.tsx';

/** What the other end sees of oneself: the camera as in a mirror, the screen as it is. */
export function OwnPicture({ media }: { readonly media: LocalMedia }) {
  const text = useText();
  const { camera, screen } = useObservable(media);
  const track = screen?.video ?? camera.track;
  if (!track) return null;
  return (
    <Picture
      track={track}
      label={text('phone.ownPicture')}
      className={screen ? 'call__own' : 'call__own call__own--mirror'}
      source={screen ? 'screen' : 'camera'}
      isSelf
    />
  );
}
