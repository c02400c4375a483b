import { useId, type HTMLAttributes, type HTMLInputTypeAttribute } from 'react';
import { useText, type PlainTextKey } from '../../../app/i18n/text.ts';

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly problem: PlainTextKey | null;
  readonly onChange: (value: string) => void;
  readonly type?: HTMLInputTypeAttribute;
  readonly inputMode?: HTMLAttributes<HTMLInputElement>['inputMode'];
  readonly placeholder?: string;
  readonly autoComplete?: string;
  /** More than one line. */
  readonly rows?: number;
}

/** One field of a form, with its label, its hint and what is wrong with it. */
export function Field({ label, hint, problem, rows, onChange, autoComplete = 'off', ...rest }: FieldProps) {
  const text = useText();
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, problem ? `${id}-problem` : ''];
  const shared = {
    id,
    autoComplete,
    autoCapitalize: 'none',
    spellCheck: false,
    'aria-invalid': problem !== null,
    'aria-describedby': described.join(' ').trim() || undefined,
  } as const;
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {rows === undefined ? (
        <input {...rest} {...shared} className="input" onChange={({ target }) => onChange(target.value)} />
      ) : (
        <textarea
          {...shared}
          name={rest.name}
          value={rest.value}
          rows={rows}
          className="input"
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="sign-in__hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="field__problem" role="alert">
          {text(problem)}
        </p>
      )}
    </div>
  );
}
