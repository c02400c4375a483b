/** Another device with two clicks, without leaving the conversation for the settings. */
import { ChevronUp } from 'lucide-react';
import { canChooseSpeaker, type Device } from '../../../sdk/devices.ts';
import { useText } from '../../i18n/text.ts';
import { chooseDevice, realDevices } from '../../media/choose.ts';
import type { LocalMedia } from '../../media/local-media.ts';
import { useDevices } from '../../media/use-devices.ts';
import { setPreferences, usePreferences } from '../../preferences/preferences.ts';
import { Menu, MenuChoice, MenuDivider } from './menu.tsx';

const OPENER = <ChevronUp size={18} aria-hidden="true" />;

interface DeviceMenuProps {
  readonly media: LocalMedia;
}

export function MicrophoneMenu({ media }: DeviceMenuProps) {
  const text = useText();
  const devices = useDevices(media);
  const { microphoneId, speakerId } = usePreferences();
  return (
    <Menu label={text('controls.chooseSound')} icon={OPENER} buttonClass="controls__opener">
      <DeviceChoice
        heading={text('device.microphone')}
        devices={devices.microphones}
        chosen={microphoneId}
        onChoose={(id) => chooseDevice(media, 'microphone', id)}
      />
      {canChooseSpeaker() && (
        <>
          <MenuDivider />
          <DeviceChoice
            heading={text('device.speaker')}
            devices={devices.speakers}
            chosen={speakerId}
            onChoose={(id) => setPreferences({ speakerId: id })}
          />
        </>
      )}
    </Menu>
  );
}

export function CameraMenu({ media }: DeviceMenuProps) {
  const text = useText();
  const devices = useDevices(media);
  const { cameraId } = usePreferences();
  return (
    <Menu label={text('controls.chooseCamera')} icon={OPENER} buttonClass="controls__opener">
      <DeviceChoice
        heading={text('device.camera')}
        devices={devices.cameras}
        chosen={cameraId}
        onChoose={(id) => chooseDevice(media, 'camera', id)}
      />
    </Menu>
  );
}

const BROWSERS_CHOICE = '';

interface DeviceChoiceProps {
  readonly heading: string;
  readonly devices: readonly Device[];
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

function DeviceChoice({ heading, devices, chosen, onChoose }: DeviceChoiceProps) {
  const text = useText();
  const real = realDevices(devices);
  const isThere = real.some(({ deviceId }) => deviceId === chosen);
  return (
    <MenuChoice
      heading={heading}
      value={isThere && chosen !== null ? chosen : BROWSERS_CHOICE}
      onChoose={(id) => onChoose(id === BROWSERS_CHOICE ? null : id)}
      choices={[
        {
          value: BROWSERS_CHOICE,
          label: text(real.length === 0 ? 'device.none' : 'device.systemDefault'),
        },
        ...real.map(({ deviceId, label }, index) => ({
          value: deviceId,
          label: label || text('device.numbered', { kind: heading, count: index + 1 }),
        })),
      ]}
    />
  );
}
