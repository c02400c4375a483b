import { Delete, Phone, Video } from 'lucide-react';
import { useId, useState, type SubmitEvent } from 'react';
import { useText } from '../../app/i18n/text.ts';
import { useObservable } from '../../app/ui/use-observable.ts';
import { parseTarget, readable, wishedCall } from '../agent/target.ts';
import type { Desk } from '../desk.ts';
import { Keypad } from './keypad.tsx';
import { PHONE_IDS } from './testids.ts';

/** Where numbers are keyed in. A link may have filled one in; calling it is up to the person. */
export function Dialer({ desk }: { readonly desk: Desk }) {
  const text = useText();
  const { domain } = desk.agent.account;
  const { registration } = useObservable(desk.agent);
  const [wished] = useState(() => wishedCall(location.search));
  const [number, setNumber] = useState(wished ?? '');
  const [isRefused, setRefused] = useState(false);
  const { isOpening } = useObservable(desk);
  const field = useId();
  const problem = useId();
  const wishedTarget = wished !== null && number === wished ? parseTarget(wished, domain) : null;

  const change = (value: string): void => {
    setNumber(value);
    setRefused(false);
  };
  const call = async (withVideo: boolean): Promise<void> => {
    const target = parseTarget(number, domain);
    if (!target) setRefused(true);
    else if (await desk.call(target, withVideo)) setNumber('');
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void call(false);
  };

  return (
    <form className="dialer" onSubmit={submit} noValidate>
      {wishedTarget && (
        <p className="dialer__wish" role="status">
          {text('phone.askedToCall', { name: readable(wishedTarget.address, domain) })}
        </p>
      )}
      <div className="dialer__entry">
        <label className="visually-hidden" htmlFor={field}>
          {text('phone.number')}
        </label>
        <input
          id={field}
          className="input dialer__number"
          data-testid={PHONE_IDS.number}
          value={number}
          placeholder={text('phone.numberPlaceholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          aria-invalid={isRefused}
          aria-describedby={isRefused ? problem : undefined}
          onChange={({ target }) => change(target.value)}
        />
        {number !== '' && (
          <button
            type="button"
            className="icon-button dialer__erase"
            aria-label={text('phone.erase')}
            onClick={() => change(number.slice(0, -1))}
          >
            <Delete size={20} aria-hidden="true" />
          </button>
        )}
      </div>
      {isRefused && (
        <p id={problem} className="field__problem" role="alert">
          {text('phone.numberProblem')}
        </p>
      )}
      <Keypad onPress={(key) => change(number + key)} />
      <div className="dialer__calls">
        <button
          type="submit"
          className="button button--primary button--large"
          data-testid={PHONE_IDS.callVoice}
          aria-disabled={isOpening}
        >
          <Phone size={20} aria-hidden="true" />
          {text('phone.callVoice')}
        </button>
        <button
          type="button"
          className="button button--large dialer__video"
          data-testid={PHONE_IDS.callVideo}
          aria-label={text('phone.callVideo')}
          aria-disabled={isOpening}
          onClick={() => void call(true)}
        >
          <Video size={22} aria-hidden="true" />
        </button>
      </div>
      {isOpening && (
        <p className="dialer__hint" role="status">
          {text('phone.opening')}
        </p>
      )}
      {registration.status !== 'registered' && <p className="dialer__hint">{text('phone.notReady')}</p>}
    </form>
  );
}
