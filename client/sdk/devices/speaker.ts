/** Where sound comes out. */
import { DeviceError, deviceErrorCode } from './errors.ts';

/** Rising fifth, in Hz. */
const TONES = [440, 660];
const TONE_S = 0.35;
const FADE_S = 0.03;
const LOUDNESS = 0.2;

/** Whether this browser lets pages choose among speakers. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/**
 * Plays an element's sound on a device; the empty id is the system's default.
 * @throws DeviceError `unsupported`, `no-device`, `permission-denied`
 */
export async function setSpeaker(element: HTMLMediaElement, deviceId: string): Promise<void> {
  if (!canChooseSpeaker()) {
    if (deviceId === '') return;
    throw new DeviceError('unsupported', 'This browser cannot choose the speaker.');
  }
  try {
    await element.setSinkId(deviceId);
  } catch (error) {
    throw new DeviceError(deviceErrorCode(error, 'unknown'), 'The speaker cannot be used.', { cause: error });
  }
}

/** Plays two short tones. Resolves when they are over. @throws DeviceError */
export async function playTestTone(deviceId = ''): Promise<void> {
  const context = new AudioContext();
  const element = new Audio();
  try {
    const output = context.createMediaStreamDestination();
    element.srcObject = output.stream;
    await setSpeaker(element, deviceId);
    await Promise.all([context.resume(), element.play()]);
    const begin = context.currentTime;
    TONES.forEach((frequency, index) => playTone(context, output, frequency, begin + index * TONE_S));
    await new Promise((resolve) => setTimeout(resolve, (TONES.length * TONE_S + FADE_S) * 1_000));
  } catch (error) {
    if (error instanceof DeviceError) throw error;
    throw new DeviceError(deviceErrorCode(error, 'unknown'), 'The speaker cannot be used.', { cause: error });
  } finally {
    element.srcObject = null;
    await context.close();
  }
}

/** Faded at both ends, lest it clicks. Times in seconds of the context. */
function playTone(context: AudioContext, output: AudioNode, frequency: number, begin: number): void {
  const oscillator = new OscillatorNode(context, { frequency });
  const gain = new GainNode(context, { gain: 0 });
  oscillator.connect(gain).connect(output);
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(LOUDNESS, begin + FADE_S);
  gain.gain.setValueAtTime(LOUDNESS, begin + TONE_S - FADE_S);
  gain.gain.linearRampToValueAtTime(0, begin + TONE_S);
  oscillator.start(begin);
  oscillator.stop(begin + TONE_S);
}
