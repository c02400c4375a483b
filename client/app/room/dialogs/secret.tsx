import { useId, useState, type SubmitEvent } from 'react';
import { useText } from '../../i18n/text.ts';
import { SettingWords } from './setting-lines.tsx';

interface SecretProps {
  readonly label: string;
  readonly hint: string;
  readonly isSet: boolean;
  readonly maxLength: number;
  /** What it is made of; anything if absent. */
  readonly pattern?: string;
  readonly inputMode?: 'numeric';
  readonly testId: string;
  /** @param value null takes it away. @returns whether it was done */
  readonly onChange: (value: string | null) => Promise<boolean>;
}

/** A line of a dialog of settings for what newcomers are asked for: set, set anew, taken away. */
export function Secret({ label, hint, isSet, onChange, testId, ...rules }: SecretProps) {
  const text = useText();
  const field = useId();
  const hintId = useId();
  const [draft, setDraft] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (draft !== '' && (await onChange(draft))) setDraft('');
  };
  return (
    <form className="setting setting--field" onSubmit={(event) => void submit(event)}>
      <SettingWords {...{ id: field, hintId, label, hint }} />
      <span className="setting__row">
        <input
          {...rules}
          id={field}
          className="input"
          data-testid={testId}
          value={draft}
          autoComplete="off"
          spellCheck={false}
          title={hint}
          aria-describedby={hintId}
          onChange={(event) => setDraft(event.target.value)}
        />
        {/* Read out with what is set: there are several of these in one dialog. */}
        <button
          type="submit"
          className="button button--small"
          aria-label={`${text('roomSettings.passwordSave')} ${label}`}
          disabled={draft === ''}
        >
          {text('roomSettings.passwordSave')}
        </button>
        {isSet && (
          <button
            type="button"
            className="button button--small"
            aria-label={`${text('roomSettings.passwordRemove')} ${label}`}
            onClick={() => void onChange(null)}
          >
            {text('roomSettings.passwordRemove')}
          </button>
        )}
      </span>
    </form>
  );
}
