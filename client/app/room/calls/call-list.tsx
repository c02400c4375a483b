import { PhoneCall, PhoneOff, RotateCcw } from 'lucide-react';
import type { Dial } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { RoomActions } from '../actions.ts';
import { STATE_TEXTS, isUnderWay, isWorthAnotherTry } from './calls.ts';
import './calls.css';

interface CallListProps {
  readonly label: string;
  readonly calls: readonly Dial[];
  readonly actions: RoomActions;
  /** Null where calls are only watched. */
  readonly onAgain: ((destination: string) => void) | null;
}

/** Telephones that are being called, or have been, and how it goes. */
export function CallList({ label, calls, actions, onAgain }: CallListProps) {
  const text = useText();
  return (
    <ul className="calls" aria-label={label}>
      {calls.map((call) => {
        const { id, destination, state, by } = call;
        return (
          <li key={id} className="calls__one" data-testid={TEST_IDS.call} data-state={state}>
            <PhoneCall className="calls__icon" size={20} aria-hidden="true" />
            {/* Where changes are read out, it is said of which call. */}
            <span className="calls__words" aria-atomic="true">
              <span className="calls__number">{destination}</span>
              <span className="calls__note">
                {text(STATE_TEXTS[state])} · {text('calls.by', { name: by })}
              </span>
            </span>
            {isUnderWay(call) && (
              <IconButton
                className="calls__end"
                label={text('calls.cancel', { number: destination })}
                hintAlign="end"
                data-testid={TEST_IDS.cancelCall}
                onClick={() => void actions.asHost((host) => host.cancelCallOut(id))}
              >
                <PhoneOff size={18} aria-hidden="true" />
              </IconButton>
            )}
            {onAgain && isWorthAnotherTry(call) && (
              <IconButton
                label={text('calls.again', { number: destination })}
                hintAlign="end"
                data-testid={TEST_IDS.callAgain}
                onClick={() => onAgain(destination)}
              >
                <RotateCcw size={18} aria-hidden="true" />
              </IconButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
