/** Which devices there are, kept up to date. */

export interface Device {
  deviceId: string;
  /** Empty until the page has been allowed to use a device of the kind. */
  label: string;
}

export interface DeviceList {
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  /** Empty where the browser does not let pages choose the output. */
  readonly speakers: readonly Device[];
}

const NONE: DeviceList = { microphones: [], cameras: [], speakers: [] };

/** A list with a change listener, as `useSyncExternalStore` likes it. */
export class DeviceWatch {
  #list: DeviceList = NONE;
  readonly #listeners = new Set<() => void>();
  readonly #ending = new AbortController();

  /** Reads the list once, and again whenever the browser tells of a change. */
  constructor() {
    if (!hasDevices()) return;
    const options = { signal: this.#ending.signal };
    navigator.mediaDevices.addEventListener('devicechange', () => void this.refresh(), options);
    void this.refresh();
  }

  /** A new object for every change. */
  get list(): DeviceList {
    return this.#list;
  }

  /** @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called after a device was opened: labels are there from then on. Never rejects. */
  async refresh(): Promise<void> {
    if (!hasDevices()) return;
    // A page that may not see the list has nothing to choose from.
    const list = toList(await navigator.mediaDevices.enumerateDevices().catch(() => []));
    if (this.#ending.signal.aborted || JSON.stringify(list) === JSON.stringify(this.#list)) return;
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    this.#ending.abort();
    this.#listeners.clear();
  }
}

/** Devices without an id are placeholders, which browsers give before the page may use any. */
export function toList(devices: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[]): DeviceList {
  const ofKind = (kind: MediaDeviceKind): Device[] =>
    devices
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
  return {
    microphones: ofKind('audioinput'),
    cameras: ofKind('videoinput'),
    speakers: ofKind('audiooutput'),
  };
}

function hasDevices(): boolean {
  // Absent on plain HTTP, whatever the types say.
  return 'mediaDevices' in navigator;
}
