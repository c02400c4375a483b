/** The registration in a person's words. */
import type { PlainTextKey } from '../../app/i18n/text.ts';
import type { Registration } from '../agent/agent.ts';
import type { RegistrationProblem } from '../agent/reasons.ts';

export interface RegistrationTexts {
  readonly heading: PlainTextKey;
  /** What can be done; null when nothing has to be. */
  readonly hint: PlainTextKey | null;
}

const PROBLEMS: Record<RegistrationProblem, RegistrationTexts> = {
  'wrong-password': { heading: 'phone.wrongPassword', hint: 'phone.wrongPasswordHint' },
  'unknown-account': { heading: 'phone.unknownAccount', hint: 'phone.unknownAccountHint' },
  forbidden: { heading: 'phone.forbidden', hint: 'phone.forbiddenHint' },
  unreachable: { heading: 'phone.unreachable', hint: 'phone.unreachableHint' },
  'no-answer': { heading: 'phone.silent', hint: 'phone.silentHint' },
  'pbx-failed': { heading: 'phone.pbxFailed', hint: 'phone.pbxFailedHint' },
  failed: { heading: 'phone.registrationFailed', hint: 'phone.registrationFailedHint' },
};

export function registrationTexts(registration: Registration): RegistrationTexts {
  switch (registration.status) {
    case 'connecting':
      return { heading: 'phone.connecting', hint: null };
    case 'registered':
      return { heading: 'phone.registered', hint: null };
    case 'failed':
      return PROBLEMS[registration.problem];
  }
}
