/** What stands between a person and their devices, in their words. */
import type { DeviceErrorCode } from '../../sdk/devices.ts';
import type { PlainTextKey } from '../i18n/text.ts';
import type { CaptureKind, DeviceProblem, LocalMediaState } from './local-media.ts';

export interface ProblemTexts {
  readonly heading: PlainTextKey;
  readonly hint: PlainTextKey;
}

type Cause = 'denied' | 'dismissed' | 'busy' | 'missing' | 'insecure' | 'other';

const CAUSES: Record<DeviceErrorCode, Cause> = {
  'permission-denied': 'denied',
  'permission-dismissed': 'dismissed',
  'device-busy': 'busy',
  'no-device': 'missing',
  overconstrained: 'other',
  'insecure-context': 'insecure',
  unsupported: 'other',
  failed: 'other',
};

const HEADINGS: Record<CaptureKind | 'both', Record<Cause, PlainTextKey>> = {
  microphone: {
    denied: 'deviceProblem.deniedMicrophone',
    dismissed: 'deviceProblem.deniedMicrophone',
    busy: 'deviceProblem.busyMicrophone',
    missing: 'deviceProblem.missingMicrophone',
    insecure: 'deviceProblem.insecure',
    other: 'deviceProblem.otherMicrophone',
  },
  camera: {
    denied: 'deviceProblem.deniedCamera',
    dismissed: 'deviceProblem.deniedCamera',
    busy: 'deviceProblem.busyCamera',
    missing: 'deviceProblem.missingCamera',
    insecure: 'deviceProblem.insecure',
    other: 'deviceProblem.otherCamera',
  },
  both: {
    denied: 'deviceProblem.deniedBoth',
    dismissed: 'deviceProblem.deniedBoth',
    busy: 'deviceProblem.busyBoth',
    missing: 'deviceProblem.missingBoth',
    insecure: 'deviceProblem.insecure',
    other: 'deviceProblem.otherBoth',
  },
};

/** One text for one cause, even when it keeps both devices away; none for a camera that is not wanted. */
export function deviceProblems({ microphone, camera }: LocalMediaState): ProblemTexts[] {
  const heard = microphone.problem;
  const seen = camera.isOn ? camera.problem : null;
  if (heard && seen && CAUSES[heard.code] === CAUSES[seen.code]) return [deviceProblemTexts('both', heard)];
  return [
    ...(heard ? [deviceProblemTexts('microphone', heard)] : []),
    ...(seen ? [deviceProblemTexts('camera', seen)] : []),
  ];
}

export function deviceProblemTexts(kind: CaptureKind | 'both', problem: DeviceProblem): ProblemTexts {
  const cause = CAUSES[problem.code];
  return { heading: HEADINGS[kind][cause], hint: hintFor(cause, problem.bySystem) };
}

function hintFor(cause: Cause, bySystem: boolean): PlainTextKey {
  switch (cause) {
    case 'denied':
      return bySystem ? 'deviceProblem.deniedBySystem' : howToAllow(navigator.userAgent);
    case 'dismissed':
      return 'deviceProblem.dismissedHint';
    case 'busy':
      return 'deviceProblem.busyHint';
    case 'missing':
      return 'deviceProblem.missingHint';
    case 'insecure':
      return 'deviceProblem.insecureHint';
    case 'other':
      return 'deviceProblem.otherHint';
  }
}

/** Where each browser hides the permission. */
export function howToAllow(userAgent: string): PlainTextKey {
  if (/Firefox\//.test(userAgent)) return 'deviceProblem.allowFirefox';
  if (/Chrome\/|Chromium\/|Edg\//.test(userAgent)) return 'deviceProblem.allowChromium';
  if (/Safari\//.test(userAgent)) return 'deviceProblem.allowSafari';
  return 'deviceProblem.allowOther';
}
