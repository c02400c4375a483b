import { Mic, Video as Camera, Volume2 } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { canChooseSpeaker, playTestTone, type Device } from '../../sdk/devices.ts';
import { useText } from '../i18n/text.ts';
import { LevelMeter } from '../media/level-meter.tsx';
import { chooseDevice, realDevices } from '../media/choose.ts';
import type { LocalMedia } from '../media/local-media.ts';
import { useDevices } from '../media/use-devices.ts';
import { setPreferences, usePreferences } from '../preferences/preferences.ts';
import { TEST_IDS } from '../testids.ts';
import { useObservable } from '../ui/use-observable.ts';
import './device-pickers.css';

interface PickersProps {
  readonly media: LocalMedia;
}

/** Microphone, camera and speaker, each with a way to try it. */
export function DevicePickers({ media }: PickersProps) {
  return (
    <div className="pickers">
      <MicrophonePicker media={media} />
      <SpeakerPicker media={media} />
      <CameraPicker media={media} />
    </div>
  );
}

export function MicrophonePicker({ media }: PickersProps) {
  const text = useText();
  const { microphone } = useObservable(media);
  const devices = useDevices(media);
  const { microphoneId } = usePreferences();
  return (
    <Picker
      label={text('device.microphone')}
      icon={<Mic size={16} aria-hidden="true" />}
      devices={devices.microphones}
      chosen={microphoneId}
      onChoose={(id) => chooseDevice(media, 'microphone', id)}
    >
      <LevelMeter track={microphone.track} label={text('device.level')} />
    </Picker>
  );
}

export function CameraPicker({ media }: PickersProps) {
  const text = useText();
  const devices = useDevices(media);
  const { cameraId } = usePreferences();
  return (
    <Picker
      label={text('device.camera')}
      icon={<Camera size={16} aria-hidden="true" />}
      devices={devices.cameras}
      chosen={cameraId}
      onChoose={(id) => chooseDevice(media, 'camera', id)}
    />
  );
}

export function SpeakerPicker({ media }: PickersProps) {
  const text = useText();
  const devices = useDevices(media);
  const { speakerId } = usePreferences();
  const [isPlaying, setPlaying] = useState(false);

  // A speaker that was unplugged would keep every voice silent.
  const isGone =
    speakerId !== null &&
    devices.speakers.length > 0 &&
    !devices.speakers.some(({ deviceId }) => deviceId === speakerId);
  useEffect(() => {
    if (isGone) setPreferences({ speakerId: null });
  }, [isGone]);

  const test = async (): Promise<void> => {
    if (isPlaying) return;
    setPlaying(true);
    try {
      await playTestTone(isGone ? '' : (speakerId ?? ''));
    } finally {
      setPlaying(false);
    }
  };
  return (
    <Picker
      label={text('device.speaker')}
      icon={<Volume2 size={16} aria-hidden="true" />}
      devices={canChooseSpeaker() ? devices.speakers : null}
      instead={text('device.speakerBySystem')}
      chosen={speakerId}
      onChoose={(id) => setPreferences({ speakerId: id })}
    >
      <button
        type="button"
        className="button button--small"
        aria-disabled={isPlaying}
        data-testid={TEST_IDS.testSpeaker}
        onClick={() => void test()}
      >
        {text(isPlaying ? 'device.testing' : 'device.testSpeaker')}
      </button>
    </Picker>
  );
}

interface PickerProps {
  readonly label: string;
  readonly icon: ReactNode;
  /** Null where the browser leaves no choice. */
  readonly devices: readonly Device[] | null;
  /** Said where there is no choice. */
  readonly instead?: string;
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
  /** A way to try it. */
  readonly children?: ReactNode;
}

const BROWSERS_CHOICE = '';

function Picker({ label, icon, devices: all, instead, chosen, onChoose, children }: PickerProps) {
  const text = useText();
  const devices = all && realDevices(all);
  const field = useId();
  const isThere = devices?.some(({ deviceId }) => deviceId === chosen) ?? false;
  return (
    <div className="picker">
      <label className="field__label" htmlFor={field}>
        {icon}
        {label}
      </label>
      {devices === null ? (
        <p id={field} className="picker__instead">
          {instead}
        </p>
      ) : (
        <select
          id={field}
          className="select"
          value={isThere && chosen !== null ? chosen : BROWSERS_CHOICE}
          disabled={devices.length === 0}
          onChange={({ target }) => onChoose(target.value === BROWSERS_CHOICE ? null : target.value)}
        >
          <option value={BROWSERS_CHOICE}>
            {text(devices.length === 0 ? 'device.none' : 'device.systemDefault')}
          </option>
          {devices.map((device, index) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || text('device.numbered', { kind: label, count: index + 1 })}
            </option>
          ))}
        </select>
      )}
      {children}
    </div>
  );
}
