import { Mic, MicOff, Video as Camera, VideoOff as CameraOff } from 'lucide-react';
import { useText } from '../i18n/text.ts';
import type { LocalMedia } from '../media/local-media.ts';
import { TEST_IDS } from '../testids.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useObservable } from '../ui/use-observable.ts';
import { Video } from '../ui/video.tsx';
import './preview.css';

/** How one will be seen, with the switches for microphone and camera. */
export function Preview({ media }: { readonly media: LocalMedia }) {
  const text = useText();
  const { microphone, camera } = useObservable(media);
  return (
    <div
      className="preview"
      role="group"
      aria-label={text('prejoin.preview')}
      data-testid={TEST_IDS.selfPreview}
    >
      {camera.track ? (
        <Video track={camera.track} className="preview__video" />
      ) : (
        <p className="preview__off" role="status">
          {camera.isOn && camera.problem === null
            ? text('prejoin.cameraStarting')
            : text('prejoin.cameraOff')}
        </p>
      )}
      <div className="preview__switches">
        <IconButton
          className="preview__switch"
          data-testid={TEST_IDS.microphone}
          label={text(microphone.isOn ? 'controls.mute' : 'controls.unmute')}
          data-off={!microphone.isOn || microphone.problem !== null || undefined}
          onClick={() => void media.setOn('microphone', !microphone.isOn)}
        >
          {microphone.isOn && microphone.problem === null ? (
            <Mic aria-hidden="true" />
          ) : (
            <MicOff aria-hidden="true" />
          )}
        </IconButton>
        <IconButton
          className="preview__switch"
          data-testid={TEST_IDS.camera}
          label={text(camera.isOn ? 'controls.cameraOff' : 'controls.cameraOn')}
          data-off={!camera.isOn || camera.problem !== null || undefined}
          onClick={() => void media.setOn('camera', !camera.isOn)}
        >
          {camera.isOn && camera.problem === null ? (
            <Camera aria-hidden="true" />
          ) : (
            <CameraOff aria-hidden="true" />
          )}
        </IconButton>
      </div>
    </div>
  );
}
