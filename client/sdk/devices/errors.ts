/** Why a device could not be opened, as stable codes: apps tell a person what to do about each. */

export type DeviceErrorCode =
  /** The person, or a policy of the browser, the page or the system, said no. It stays so until settings change. */
  | 'permission-denied'
  /** The question was closed without an answer: asking again makes sense. */
  | 'permission-dismissed'
  /** Another program has it, or the system cannot start it. */
  | 'device-busy'
  | 'no-device'
  /** This browser cannot do that at all. */
  | 'unsupported'
  /** No device can do what was asked for. */
  | 'overconstrained'
  /** Browsers give devices to HTTPS pages and localhost only. */
  | 'insecure-context'
  /** Anything else; `cause` has it. */
  | 'failed';

export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly code: DeviceErrorCode;

  constructor(code: DeviceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a browser knows of a permission; `unknown` where it does not tell. */
export type PermissionKnowledge = PermissionState | 'unknown';

/**
 * @param error what `getUserMedia` or `getDisplayMedia` was rejected with
 * @param permission what the browser says of the permission after that
 */
export function deviceErrorCode(error: unknown, permission: PermissionKnowledge): DeviceErrorCode {
  if (!(error instanceof Error)) return 'failed';
  switch (error.name) {
    case 'NotAllowedError':
      // Still open to be asked: the question was closed without an answer.
      return permission === 'prompt' && !/system/i.test(error.message)
        ? 'permission-dismissed'
        : 'permission-denied';
    case 'SecurityError':
      return 'permission-denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'device-busy';
    case 'NotFoundError':
      return 'no-device';
    case 'OverconstrainedError':
      return 'overconstrained';
    case 'NotSupportedError':
    case 'TypeError':
      return 'unsupported';
    default:
      return 'failed';
  }
}
