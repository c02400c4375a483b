import { Maximize2, PictureInPicture2 } from 'lucide-react';
import { useEffect, type RefObject } from 'react';
import { useText } from '../../i18n/text.ts';
import { canFullScreen, toggleFullScreen } from '../../ui/full-screen.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { ViewReporter } from '../view/view-reporter.ts';

export function FullScreenButton({ box }: { readonly box: RefObject<HTMLElement | null> }) {
  const text = useText();
  if (!canFullScreen()) return null;
  return (
    <IconButton
      label={text('room.tileFullScreen')}
      hintSide="bottom"
      hintAlign="end"
      onClick={() => {
        if (box.current) void toggleFullScreen(box.current);
      }}
    >
      <Maximize2 size={18} aria-hidden="true" />
    </IconButton>
  );
}

interface PictureInPictureProps {
  readonly video: RefObject<HTMLVideoElement | null>;
  /** What the view reporter knows the picture by. */
  readonly box: RefObject<HTMLElement | null>;
  readonly view: ViewReporter;
}

/** Takes one picture out of the page, where the browser can. Is there exactly as long as the picture. */
export function PictureInPictureButton({ video, box, view }: PictureInPictureProps) {
  const text = useText();

  useEffect(() => {
    const element = video.current;
    const place = box.current;
    if (!element || !place) return undefined;
    // The picture goes on being seen while the page is not.
    const enter = (): void => view.setInOwnWindow(place, true);
    const leave = (): void => view.setInOwnWindow(place, false);
    element.addEventListener('enterpictureinpicture', enter);
    element.addEventListener('leavepictureinpicture', leave);
    return () => {
      element.removeEventListener('enterpictureinpicture', enter);
      element.removeEventListener('leavepictureinpicture', leave);
      // With its picture goes the window.
      leave();
    };
  }, [video, box, view]);

  if (!document.pictureInPictureEnabled) return null;
  const toggle = async (): Promise<void> => {
    if (document.pictureInPictureElement !== null && document.pictureInPictureElement === video.current)
      await document.exitPictureInPicture();
    else await video.current?.requestPictureInPicture();
  };
  return (
    <IconButton
      label={text('room.pictureInPicture')}
      hintSide="bottom"
      hintAlign="end"
      onClick={() => void toggle()}
    >
      <PictureInPicture2 size={18} aria-hidden="true" />
    </IconButton>
  );
}
