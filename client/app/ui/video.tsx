import { useEffect, useRef, type RefObject } from 'react';

interface VideoProps {
  readonly track: MediaStreamTrack;
  readonly className?: string;
  /** For whoever needs the element, as a view reporter or picture-in-picture does. */
  readonly element?: RefObject<HTMLVideoElement | null>;
}

/** Plays one picture. Always silent: sound has elements of its own. */
export function Video({ track, className, element }: VideoProps) {
  const own = useRef<HTMLVideoElement>(null);
  const ref = element ?? own;

  useEffect(() => {
    const video = ref.current;
    if (!video) return undefined;
    video.srcObject = new MediaStream([track]);
    // React sets the property, but a muted *attribute* is what lets every browser play without a click.
    video.muted = true;
    video.play().catch((error: unknown) => {
      // Replaced before it could start: the next track plays. Pictures without sound are never blocked.
      if (!(error instanceof DOMException && error.name === 'AbortError')) reportError(error);
    });
    const markShape = (): void => {
      video.toggleAttribute('data-upright', video.videoHeight > video.videoWidth);
    };
    markShape();
    video.addEventListener('resize', markShape);
    return () => {
      video.removeEventListener('resize', markShape);
      video.srcObject = null;
    };
  }, [track, ref]);

  return <video ref={ref} className={className} autoPlay playsInline muted disablePictureInPicture={false} />;
}
