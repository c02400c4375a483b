/** Opens microphone, camera and screen, with errors that can be told apart. */
import { DeviceError, deviceErrorCode } from './errors.ts';
import type { PermissionKnowledge } from './errors.ts';

export interface OpenOptions {
  /** The wished device; when it is not there any more, the system's default is opened. */
  deviceId?: string;
}

export interface OpenCameraOptions extends OpenOptions {
  /** For phones, where no `deviceId` is given. */
  facingMode?: 'user' | 'environment';
}

/** A shared screen, window or tab; `audio` where the person shared the sound, too. */
export interface Screen {
  video: MediaStreamTrack;
  audio: MediaStreamTrack | null;
}

const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
/** What is played is to be heard as it is. */
const SHARED_SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** The picture that the three layers are made of. */
const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** One voice, cleaned of echo and noise. @throws DeviceError */
export async function openMicrophone({ deviceId }: OpenOptions = {}): Promise<MediaStreamTrack> {
  return openDevice('microphone', deviceId, (device) => ({ audio: { ...VOICE, ...device } }));
}

/** 1280 × 720 at 30 frames per second where the camera can. @throws DeviceError */
export async function openCamera({
  deviceId,
  facingMode,
}: OpenCameraOptions = {}): Promise<MediaStreamTrack> {
  const facing = facingMode ? { facingMode } : {};
  return openDevice('camera', deviceId, (device) => ({ video: { ...CAMERA, ...facing, ...device } }));
}

/**
 * Lets the person choose what to share; needs a click. A closed question is `permission-dismissed`.
 * @throws DeviceError
 */
export async function openScreen(): Promise<Screen> {
  assertSecure();
  // Phones have no such function, whatever the types say.
  if (!('getDisplayMedia' in navigator.mediaDevices)) {
    throw new DeviceError('unsupported', 'This browser cannot share the screen.');
  }
  // The last three are known to Chromium only, others ignore them.
  const options = {
    video: { frameRate: { ideal: 15, max: 30 } },
    audio: SHARED_SOUND,
    systemAudio: 'include',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  };
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(options);
    const [video] = stream.getVideoTracks();
    if (!video) throw new DeviceError('failed', 'The shared screen has no picture.');
    return { video, audio: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    throw toDeviceError(error, 'prompt');
  }
}

async function openDevice(
  name: 'microphone' | 'camera',
  deviceId: string | undefined,
  constraints: (device: { deviceId?: { exact: string } }) => MediaStreamConstraints,
): Promise<MediaStreamTrack> {
  assertSecure();
  const { mediaDevices } = navigator;
  try {
    if (deviceId === undefined) return firstTrack(await mediaDevices.getUserMedia(constraints({})));
    try {
      return firstTrack(await mediaDevices.getUserMedia(constraints({ deviceId: { exact: deviceId } })));
    } catch (error) {
      if (!isDeviceGone(error)) throw error;
      return firstTrack(await mediaDevices.getUserMedia(constraints({})));
    }
  } catch (error) {
    throw toDeviceError(error, await permissionFor(name));
  }
}

function firstTrack(stream: MediaStream): MediaStreamTrack {
  const [track] = stream.getTracks();
  if (!track) throw new DeviceError('failed', 'The device gave nothing.');
  return track;
}

/** Unplugged, or its id has changed with the browser's site data. */
function isDeviceGone(error: unknown): boolean {
  return error instanceof Error && (error.name === 'OverconstrainedError' || error.name === 'NotFoundError');
}

function assertSecure(): void {
  if (!window.isSecureContext) {
    throw new DeviceError('insecure-context', 'Devices are given to HTTPS pages and localhost only.');
  }
  if (!('mediaDevices' in navigator)) throw new DeviceError('unsupported', 'This browser has no devices.');
}

function toDeviceError(error: unknown, permission: PermissionKnowledge): DeviceError {
  if (error instanceof DeviceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DeviceError(deviceErrorCode(error, permission), message, { cause: error });
}

async function permissionFor(name: 'microphone' | 'camera'): Promise<PermissionKnowledge> {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    // A browser that has no such permission to ask about.
    return 'unknown';
  }
}
