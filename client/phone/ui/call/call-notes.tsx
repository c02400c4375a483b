import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../../app/i18n/text.ts';
import { deviceProblems } from '../../../app/media/problem-texts.ts';
import { IconButton } from '../../../app/ui/icon-button.tsx';
import { useObservable } from '../../../app/ui/use-observable.ts';
import type { CallState } from '../../agent/call-state.ts';
import type { Desk, DeskProblem } from '../../desk.ts';
import { nameOf } from '../names.ts';
import { registrationTexts } from '../registration-texts.ts';
import { PHONE_IDS } from '../testids.ts';
import { endText } from './call-texts.ts';
import '../note.css';

interface CallNotesProps {
  readonly desk: Desk;
  readonly onSignOut: () => void;
}

/** What happened, and what stands in the way. */
export function CallNotes({ desk, onSignOut }: CallNotesProps) {
  const { problem, lastCall } = useObservable(desk);
  return (
    <div className="phone-notes">
      <RegistrationNote desk={desk} onSignOut={onSignOut} />
      {problem && <ProblemNote problem={problem} onDismiss={() => desk.dismiss()} />}
      {!problem && lastCall && <LastCallNote desk={desk} call={lastCall} />}
    </div>
  );
}

function RegistrationNote({ desk, onSignOut }: CallNotesProps) {
  const text = useText();
  const { registration } = useObservable(desk.agent);
  if (registration.status !== 'failed') return null;
  const { heading, hint } = registrationTexts(registration);
  return (
    <div className="phone-note phone-note--danger" role="alert">
      <div>
        <p className="phone-note__heading">{text(heading)}</p>
        {hint && <p>{text(hint)}</p>}
        {registration.retries && <p>{text('phone.retrying')}</p>}
      </div>
      <button type="button" className="button button--small" onClick={onSignOut}>
        {text('phone.changeAccount')}
      </button>
    </div>
  );
}

interface ProblemNoteProps {
  readonly problem: DeskProblem;
  readonly onDismiss: () => void;
}

function ProblemNote({ problem, onDismiss }: ProblemNoteProps) {
  const text = useText();
  if (problem.type === 'screen')
    return (
      <Note tone="warning" onDismiss={onDismiss}>
        <p className="phone-note__heading">{text('phone.screenFailed')}</p>
      </Note>
    );
  return (
    <Note tone="warning" onDismiss={onDismiss}>
      {deviceProblems(problem.media).map(({ heading, hint }) => (
        <div key={heading}>
          <p className="phone-note__heading">{text(heading)}</p>
          <p>{text(hint)}</p>
        </div>
      ))}
    </Note>
  );
}

function LastCallNote({ desk, call }: { readonly desk: Desk; readonly call: CallState }) {
  const text = useText();
  const { peer, direction, endReason } = call;
  const again = (): void => void desk.call({ address: peer.address, keys: '' }, false);
  return (
    <Note tone="plain" reason={endReason ?? 'failed'} onDismiss={() => desk.dismiss()}>
      <p className="phone-note__heading">{endText(text, call, nameOf(peer, desk.agent.account.domain))}</p>
      {(direction === 'outbound' || call.answeredAt === null) && (
        <button type="button" className="button button--small" onClick={again}>
          {text(direction === 'outbound' ? 'phone.callAgain' : 'phone.callBack')}
        </button>
      )}
    </Note>
  );
}

interface NoteProps {
  readonly tone: 'plain' | 'warning';
  readonly reason?: string;
  readonly onDismiss: () => void;
  readonly children: ReactNode;
}

function Note({ tone, reason, onDismiss, children }: NoteProps) {
  const text = useText();
  return (
    <div
      className={`phone-note phone-note--${tone}`}
      role={tone === 'plain' ? 'status' : 'alert'}
      data-testid={PHONE_IDS.callNote}
      data-reason={reason}
    >
      <div className="phone-note__words">{children}</div>
      <IconButton label={text('phone.dismiss')} hintSide="bottom" hintAlign="end" onClick={onDismiss}>
        <X size={18} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
