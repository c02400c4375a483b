import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { useText } from '../../../app/i18n/text.ts';
import type { Call } from '../../agent/call.ts';
import { parseTarget } from '../../agent/target.ts';
import { PHONE_IDS } from '../testids.ts';

interface TransferFormProps {
  readonly call: Call;
  /** Who is put through. */
  readonly name: string;
  readonly domain: string;
  readonly onDone: () => void;
}

/** Asks to whom the other end is to be put through. */
export function TransferForm({ call, name, domain, onDone }: TransferFormProps) {
  const text = useText();
  const field = useId();
  const problem = useId();
  const input = useRef<HTMLInputElement>(null);
  const [to, setTo] = useState('');
  const [isRefused, setRefused] = useState(false);
  useEffect(() => input.current?.focus(), []);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const target = parseTarget(to, domain);
    if (!target) {
      setRefused(true);
      return;
    }
    call.transfer(target.address);
    onDone();
  };
  return (
    <form className="call-panel" onSubmit={submit} noValidate>
      <h3 className="call-panel__heading">{text('phone.transferHeading', { name })}</h3>
      <p>{text('phone.transferLead')}</p>
      <label className="field__label" htmlFor={field}>
        {text('phone.number')}
      </label>
      <div className="call-panel__row">
        <input
          ref={input}
          id={field}
          className="input"
          data-testid={PHONE_IDS.transferTo}
          value={to}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={isRefused}
          aria-describedby={isRefused ? problem : undefined}
          onChange={({ target }) => {
            setTo(target.value);
            setRefused(false);
          }}
        />
        <button type="submit" className="button button--primary" data-testid={PHONE_IDS.transferNow}>
          {text('phone.transfer')}
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
