/** What keeps somebody out of a room, in their words, and the way out. */
import type { RoomError, RoomErrorCode } from '../../sdk/types.ts';
import type { PlainTextKey } from '../i18n/text.ts';

export interface Problem {
  /** For whoever runs the server. */
  readonly code: RoomErrorCode | 'bad-room';
  /** When trying again makes sense, in ms; null if it does at once. */
  readonly retryAfterMs: number | null;
}

/**
 * `retry`: the same again, by itself where it is known when. `knock`: the same again, but only for who still wants to, and
 * not before it is time. `reload`: a fresh page. `sign-in`: as somebody. `none`: nothing can be done here.
 */
export type WayOut = 'retry' | 'knock' | 'reload' | 'sign-in' | 'none';

export interface ProblemTexts {
  readonly heading: PlainTextKey;
  /** Null for the general hint, which names the code. */
  readonly hint: PlainTextKey | null;
  readonly wayOut: WayOut;
}

export function problemFrom(error: RoomError): Problem {
  return { code: error.code, retryAfterMs: error.retryAfterMs ?? null };
}

export function textsFor(code: Problem['code']): ProblemTexts {
  switch (code) {
    case 'unreachable':
    case 'timeout':
      return { heading: 'problem.unreachable', hint: 'problem.unreachableHint', wayOut: 'retry' };
    case 'room-full':
      return { heading: 'problem.roomFull', hint: 'problem.roomFullHint', wayOut: 'retry' };
    case 'too-many-rooms':
      return { heading: 'problem.tooManyRooms', hint: 'problem.tooManyRoomsHint', wayOut: 'retry' };
    case 'server-draining':
      return { heading: 'problem.draining', hint: 'problem.drainingHint', wayOut: 'retry' };
    case 'media-unavailable':
      return { heading: 'problem.mediaUnavailable', hint: 'problem.mediaUnavailableHint', wayOut: 'retry' };
    case 'rate-limited':
      return { heading: 'problem.rateLimited', hint: 'problem.rateLimitedHint', wayOut: 'retry' };
    case 'version-mismatch':
      return { heading: 'problem.versionMismatch', hint: 'problem.versionMismatchHint', wayOut: 'reload' };
    case 'unsupported-browser':
    case 'unsupported-media':
      return { heading: 'problem.unsupported', hint: 'problem.unsupportedHint', wayOut: 'none' };
    case 'forbidden':
      return { heading: 'problem.forbidden', hint: 'problem.forbiddenHint', wayOut: 'none' };
    case 'bad-room':
    case 'invalid-request':
      return { heading: 'problem.badRoom', hint: 'problem.badRoomHint', wayOut: 'none' };
    case 'room-locked':
      return { heading: 'problem.locked', hint: 'problem.lockedHint', wayOut: 'retry' };
    case 'banned':
      return { heading: 'problem.banned', hint: 'problem.bannedHint', wayOut: 'none' };
    case 'denied':
      return { heading: 'problem.denied', hint: 'problem.deniedHint', wayOut: 'knock' };
    case 'token-required':
      return { heading: 'problem.tokenRequired', hint: 'problem.tokenRequiredHint', wayOut: 'sign-in' };
    case 'token-refused':
      return { heading: 'problem.tokenRefused', hint: 'problem.tokenRefusedHint', wayOut: 'sign-in' };
    case 'unknown-room':
      return { heading: 'problem.unknownRoom', hint: 'problem.unknownRoomHint', wayOut: 'sign-in' };
    case 'lobby-full':
      return { heading: 'problem.lobbyFull', hint: 'problem.lobbyFullHint', wayOut: 'retry' };
    // Asked for on a screen of its own; here only after a place was lost and the password was changed.
    case 'password-required':
    case 'wrong-password':
      return { heading: 'password.heading', hint: 'password.hint', wayOut: 'retry' };
    case 'pin-required':
    case 'wrong-pin':
    case 'too-many-calls':
    case 'calls-unavailable':
    case 'unknown-participant':
    case 'unknown-message':
    case 'unknown-knock':
    case 'not-joined':
    case 'already-joined':
    case 'unknown-publication':
    case 'unknown-subscription':
    case 'too-many-publications':
    case 'wrong-phase':
    case 'internal':
      return { heading: 'problem.other', hint: null, wayOut: 'retry' };
  }
}
