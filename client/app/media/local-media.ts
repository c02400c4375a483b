/** One's own microphone, camera and screen: what is wished, what runs, and what stands in the way. */
import { DeviceError, DeviceWatch, openCamera, openMicrophone, openScreen } from '../../sdk/devices.ts';
import type { DeviceErrorCode, Screen } from '../../sdk/devices.ts';
import { Observable } from '../ui/observable.ts';

export type CaptureKind = 'microphone' | 'camera';

export interface DeviceProblem {
  readonly code: DeviceErrorCode;
  /** Refused by the operating system, whatever the browser allows. */
  readonly bySystem: boolean;
}

export interface LocalSource {
  /** What the person wants. A microphone that is off keeps its track, silenced, unless it rests; a camera that is off has none. */
  readonly isOn: boolean;
  readonly track: MediaStreamTrack | null;
  readonly problem: DeviceProblem | null;
}

export interface LocalMediaState {
  readonly microphone: LocalSource;
  readonly camera: LocalSource;
  readonly screen: Screen | null;
}

/** Something that happened without being asked for, and that the person should know of. */
export type LocalMediaNews =
  /** A device is gone and another one took its place. */
  | { readonly type: 'fell-back'; readonly kind: CaptureKind; readonly device: string }
  /** A device is gone and there is no other. */
  | { readonly type: 'lost'; readonly kind: CaptureKind };

export interface LocalMediaOptions {
  /** The devices chosen on an earlier visit; null leaves the choice to the browser. */
  readonly microphoneId: string | null;
  readonly cameraId: string | null;
  readonly isMicrophoneOn: boolean;
  readonly isCameraOn: boolean;
}

const KINDS: readonly CaptureKind[] = ['microphone', 'camera'];
const OPEN = { microphone: openMicrophone, camera: openCamera };

export class LocalMedia extends Observable<LocalMediaState> {
  /** What there is to choose from. */
  readonly devices = new DeviceWatch();
  readonly #deviceIds: Record<CaptureKind, string | null>;
  /** Whether a microphone that is off is let go, as it will not be wanted soon. */
  #isResting = false;
  readonly #newsListeners = new Set<(news: LocalMediaNews) => void>();
  /** The last step that was asked for; each waits for the one before. */
  #queue: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor({ microphoneId, cameraId, isMicrophoneOn, isCameraOn }: LocalMediaOptions) {
    super({
      microphone: { isOn: isMicrophoneOn, track: null, problem: null },
      camera: { isOn: isCameraOn, track: null, problem: null },
      screen: null,
    });
    this.#deviceIds = { microphone: microphoneId, camera: cameraId };
    this.devices.subscribe(() => this.#startPlugged());
  }

  onNews(listener: (news: LocalMediaNews) => void): () => void {
    this.#newsListeners.add(listener);
    return () => this.#newsListeners.delete(listener);
  }

  /**
   * Starts what is wished and not there yet: the microphone unless it rests, so that it can be tried, the camera if it is
   * on. Called again after the person has seen to what stood in the way.
   */
  start(): Promise<void> {
    return this.#enqueue(async () => {
      for (const kind of KINDS) if (this.#needsTrack(kind)) await this.#open(kind);
    });
  }

  setOn(kind: CaptureKind, isOn: boolean): Promise<void> {
    this.#change(kind, { isOn });
    const { track } = this.state[kind];
    if (!isOn && !this.#wants(kind)) {
      // At once, so that the light goes out with the click.
      this.#drop(kind);
      return Promise.resolve();
    }
    if (track) track.enabled = isOn;
    return this.#enqueue(async () => {
      if (this.state[kind].isOn && !this.state[kind].track) await this.#open(kind);
    });
  }

  /** A microphone that rests is let go while it is off: for who will not be heard for long, the browser shows none open. */
  setResting(isResting: boolean): void {
    if (isResting === this.#isResting) return;
    this.#isResting = isResting;
    if (isResting && !this.state.microphone.isOn) this.#drop('microphone');
    if (!isResting) void this.start();
  }

  /** @param id null leaves the choice to the browser */
  choose(kind: CaptureKind, id: string | null): Promise<void> {
    this.#deviceIds[kind] = id;
    return this.#enqueue(async () => {
      if (this.#wants(kind)) await this.#open(kind);
    });
  }

  /** Shares a screen, if the person goes through with it. @throws DeviceError */
  async shareScreen(): Promise<void> {
    const screen = await openScreen();
    if (this.#isClosed) {
      stop(screen);
      return;
    }
    this.stopScreen();
    // The browser's own bar has a button to stop sharing.
    screen.video.addEventListener('ended', () => {
      if (this.state.screen === screen) this.stopScreen();
    });
    this.set({ ...this.state, screen });
  }

  stopScreen(): void {
    const { screen } = this.state;
    if (!screen) return;
    stop(screen);
    this.set({ ...this.state, screen: null });
  }

  /** Lets go of every device. */
  close(): void {
    this.#isClosed = true;
    this.devices.close();
    this.stopScreen();
    for (const kind of KINDS) this.#drop(kind);
  }

  #wants(kind: CaptureKind): boolean {
    return this.state[kind].isOn || (kind === 'microphone' && !this.#isResting);
  }

  #needsTrack(kind: CaptureKind): boolean {
    return this.#wants(kind) && this.state[kind].track === null;
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(() => (this.#isClosed ? undefined : step()));
    this.#queue = done;
    return done;
  }

  /** Starts a device, in place of the one that runs. A problem becomes state; it is not thrown. */
  async #open(kind: CaptureKind): Promise<void> {
    const deviceId = this.#deviceIds[kind];
    try {
      this.#adopt(kind, await OPEN[kind](deviceId === null ? {} : { deviceId }));
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      this.#change(kind, { problem: { code: error.code, bySystem: /system/i.test(error.message) } });
    }
    // Names of devices are told from the first permission on.
    await this.devices.refresh();
  }

  #adopt(kind: CaptureKind, track: MediaStreamTrack): void {
    if (this.#isClosed || !this.#wants(kind)) {
      track.stop();
      return;
    }
    const before = this.state[kind].track;
    track.enabled = this.state[kind].isOn;
    // Not told when we stop it ourselves: it was unplugged, or taken away.
    track.addEventListener('ended', () => {
      if (this.state[kind].track === track) void this.#replace(kind);
    });
    this.#change(kind, { track, problem: null });
    before?.stop();
  }

  /** The device is gone: another one, if there is one. */
  #replace(kind: CaptureKind): Promise<void> {
    this.#drop(kind);
    return this.#enqueue(async () => {
      if (!this.#needsTrack(kind)) return;
      await this.#open(kind);
      const { track } = this.state[kind];
      this.#tell(track ? { type: 'fell-back', kind, device: track.label } : { type: 'lost', kind });
    });
  }

  #drop(kind: CaptureKind): void {
    const { track } = this.state[kind];
    this.#change(kind, { track: null, problem: null });
    track?.stop();
  }

  /** What was missing may have been plugged in. */
  #startPlugged(): void {
    const { microphones, cameras } = this.devices.list;
    const isThere = { microphone: microphones.length > 0, camera: cameras.length > 0 };
    for (const kind of KINDS) {
      if (!isThere[kind] || this.state[kind].problem?.code !== 'no-device' || !this.#needsTrack(kind))
        continue;
      void this.#enqueue(() => this.#open(kind));
    }
  }

  #change(kind: CaptureKind, change: Partial<LocalSource>): void {
    this.set({ ...this.state, [kind]: { ...this.state[kind], ...change } });
  }

  #tell(news: LocalMediaNews): void {
    for (const listener of this.#newsListeners) listener(news);
  }
}

function stop({ video, audio }: Screen): void {
  video.stop();
  audio?.stop();
}
