import type { Device } from '../../sdk/devices.ts';
import { setPreferences } from '../preferences/preferences.ts';
import type { CaptureKind, LocalMedia } from './local-media.ts';

/** Takes another device, now and on the next visit. @param id null leaves the choice to the browser */
export function chooseDevice(media: LocalMedia, kind: CaptureKind, id: string | null): void {
  setPreferences(kind === 'microphone' ? { microphoneId: id } : { cameraId: id });
  void media.choose(kind, id);
}

/** Chromium's own words for the choice of the system: we have that as the first line. */
const ALIASES: ReadonlySet<string> = new Set(['default', 'communications']);

export function realDevices(devices: readonly Device[]): readonly Device[] {
  return devices.filter(({ deviceId }) => !ALIASES.has(deviceId));
}
