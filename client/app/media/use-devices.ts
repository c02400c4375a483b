import { useSyncExternalStore } from 'react';
import type { DeviceList } from '../../sdk/devices.ts';
import type { LocalMedia } from './local-media.ts';

/** The devices that are plugged in. */
export function useDevices({ devices }: LocalMedia): DeviceList {
  return useSyncExternalStore(
    (listener) => devices.subscribe(listener),
    () => devices.list,
  );
}
