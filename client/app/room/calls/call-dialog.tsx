import { Phone } from 'lucide-react';
import { useId, useState, type SubmitEvent } from 'react';
import type { RoomState } from '../../../sdk/types.ts';
import { useText, type Text, type Words } from '../../i18n/text.ts';
import { isRoomError } from '../../meeting/room-error.ts';
import { TEST_IDS } from '../../testids.ts';
import { Dialog } from '../../ui/dialog.tsx';
import type { RoomActions } from '../actions.ts';
import { failureText } from '../attempt.ts';
import { CallList } from './call-list.tsx';
import { latestCalls } from './calls.ts';

/** As the contract has it. */
const MAX_DESTINATION_LENGTH = 256;

interface CallDialogProps {
  readonly state: RoomState;
  readonly actions: RoomActions;
  readonly onClose: () => void;
}

/** Calls telephones into the room, several at a time, and tells how it goes with each. */
export function CallDialog({ state, actions, onClose }: CallDialogProps) {
  const text = useText();
  const field = useId();
  const problemId = useId();
  const [destination, setDestination] = useState('');
  const [problem, setProblem] = useState<Words | null>(null);
  const [isAsking, setAsking] = useState(false);
  const calls = latestCalls(state.dials);

  const call = async (wanted: string): Promise<boolean> => {
    // One click follows another, and one call is meant.
    if (isAsking) return false;
    setAsking(true);
    setProblem(null);
    try {
      await actions.callOut(wanted);
      return true;
    } catch (error) {
      if (!isRoomError(error)) throw error;
      const { code } = error;
      // A notice would be behind this dialog.
      setProblem(
        () => (now: Text) => (code === 'invalid-request' ? now('calls.invalid') : failureText(now, code)),
      );
      return false;
    } finally {
      setAsking(false);
    }
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const wanted = destination.trim();
    if (wanted !== '' && (await call(wanted))) setDestination('');
  };

  return (
    <Dialog heading={text('calls.heading')} testId={TEST_IDS.callDialog} onClose={onClose}>
      <p className="calls__hint">{text(state.room?.callsOut ? 'calls.hint' : 'calls.unavailable')}</p>
      <form className="field" onSubmit={(event) => void submit(event)}>
        <label className="field__label" htmlFor={field}>
          {text('calls.label')}
        </label>
        <div className="calls__row">
          <input
            id={field}
            className="input"
            type="text"
            inputMode="tel"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            enterKeyHint="go"
            maxLength={MAX_DESTINATION_LENGTH}
            value={destination}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : problemId}
            data-testid={TEST_IDS.callField}
            onChange={({ target }) => {
              setDestination(target.value);
              setProblem(null);
            }}
          />
          <button
            type="submit"
            className="button button--primary"
            disabled={destination.trim() === '' || !state.room?.callsOut}
            data-testid={TEST_IDS.callNow}
          >
            <Phone size={18} aria-hidden="true" />
            {text('calls.call')}
          </button>
        </div>
        {problem !== null && (
          <p id={problemId} className="field__problem" role="alert">
            {problem(text)}
          </p>
        )}
      </form>
      <div className="calls__told" aria-live="polite">
        {calls.length > 0 && (
          <CallList
            label={text('calls.list')}
            calls={calls}
            actions={actions}
            onAgain={(again) => void call(again)}
          />
        )}
      </div>
    </Dialog>
  );
}
