import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { useText } from '../../app/i18n/text.ts';
import { parseTarget, type Target } from '../agent/target.ts';
import './target-form.css';

interface TargetFormProps {
  readonly label: string;
  /** What the button says. */
  readonly action: string;
  readonly domain: string;
  readonly isPrimary?: boolean;
  /** Whether the field has the focus once it is there. */
  readonly takesFocus?: boolean;
  readonly testIds: { readonly field: string; readonly button: string };
  readonly onTarget: (target: Target) => void;
}

/** Asks for one number or address, and says so where it is none. */
export function TargetForm(props: TargetFormProps) {
  const { label, action, domain, isPrimary = false, takesFocus = false, testIds, onTarget } = props;
  const text = useText();
  const field = useId();
  const problem = useId();
  const input = useRef<HTMLInputElement>(null);
  const [written, setWritten] = useState('');
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const target = parseTarget(written, domain);
    if (target) onTarget(target);
    else setRefused(true);
  };
  return (
    <form className="target-form" onSubmit={submit} noValidate>
      <label className="field__label" htmlFor={field}>
        {label}
      </label>
      <div className="target-form__row">
        <input
          ref={input}
          id={field}
          className="input"
          data-testid={testIds.field}
          value={written}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={isRefused}
          aria-describedby={isRefused ? problem : undefined}
          onChange={({ target }) => {
            setWritten(target.value);
            setRefused(false);
          }}
        />
        <button
          type="submit"
          className={isPrimary ? 'button button--primary' : 'button'}
          data-testid={testIds.button}
        >
          {action}
        </button>
      </div>
      {isRefused && (
        <p id={problem} className="field__problem" role="alert">
          {text('phone.numberProblem')}
        </p>
      )}
    </form>
  );
}
