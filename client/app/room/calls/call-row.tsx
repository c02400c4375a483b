import { PhoneCall, PhoneMissed, PhoneOff, RotateCcw } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import type { Dial } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { STATE_TEXTS, hasComeToNothing, isUnderWay, isWorthAnotherTry } from './calls.ts';

interface CallRowProps {
  readonly call: Dial;
  readonly onCancel: () => void;
  /** Null where calls are only watched. */
  readonly onAgain: (() => void) | null;
}

/** One telephone that is being called, or has been: how it goes, and what can be done. */
export function CallRow({ call, onCancel, onAgain }: CallRowProps) {
  const text = useText();
  const { destination, state, by } = call;
  const canCancel = isUnderWay(call);
  const canTryAgain = onAgain !== null && isWorthAnotherTry(call);
  const row = useRef<HTMLLIElement>(null);
  const hadFocus = useRef(false);
  const Icon = canCancel || state === 'answered' ? PhoneCall : PhoneMissed;

  // The button that was pressed, or was about to be, may be gone by now: the keyboard stays here.
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) row.current?.focus();
  }, [canCancel, canTryAgain]);

  return (
    <li
      ref={row}
      className="calls__one"
      tabIndex={-1}
      data-testid={TEST_IDS.call}
      data-state={state}
      data-failed={hasComeToNothing(call) || undefined}
      onFocus={() => {
        hadFocus.current = true;
      }}
      onBlur={() => {
        hadFocus.current = false;
      }}
    >
      <Icon className="calls__icon" size={20} aria-hidden="true" />
      {/* Where changes are read out, it is said of which call. */}
      <span className="calls__words" aria-atomic="true">
        <span className="calls__number">{destination}</span>
        <span className="calls__note">
          {text(STATE_TEXTS[state])} <span className="calls__by">· {text('calls.by', { name: by })}</span>
        </span>
      </span>
      {canCancel && (
        <IconButton
          className="calls__end"
          label={text('calls.cancel', { number: destination })}
          hintAlign="end"
          data-testid={TEST_IDS.cancelCall}
          onClick={onCancel}
        >
          <PhoneOff size={18} aria-hidden="true" />
        </IconButton>
      )}
      {canTryAgain && (
        <IconButton
          label={text('calls.again', { number: destination })}
          hintAlign="end"
          data-testid={TEST_IDS.callAgain}
          onClick={onAgain}
        >
          <RotateCcw size={18} aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}
