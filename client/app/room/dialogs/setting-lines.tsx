/** Lines of a dialog of settings: each says what it does. */
import { useId, type ReactNode } from 'react';
import './setting-lines.css';

export function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="setting-group" aria-labelledby={id}>
      <h3 id={id} className="setting-group__heading">
        {heading}
      </h3>
      {children}
    </section>
  );
}

interface SettingWordsProps {
  /** Of what is set. */
  readonly id: string;
  readonly hintId: string;
  readonly label: string;
  /** For where a heading says the same. */
  readonly isLabelHidden?: boolean;
  readonly hint: string;
}

/** What a setting is called, and what it does. */
export function SettingWords({ id, hintId, label, isLabelHidden = false, hint }: SettingWordsProps) {
  return (
    <span className="setting__words">
      <label className={isLabelHidden ? 'visually-hidden' : 'setting__label'} htmlFor={id}>
        {label}
      </label>
      <span id={hintId} className="setting__hint">
        {hint}
      </span>
    </span>
  );
}

interface SwitchProps {
  /** For tests. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Switch({ name, label, hint, isOn, onChange }: SwitchProps) {
  const id = useId();
  const hintId = useId();
  return (
    <div className="setting">
      <SettingWords {...{ id, hintId, label, hint }} />
      <input
        id={id}
        type="checkbox"
        role="switch"
        className="setting__switch"
        data-testid={`setting-${name}`}
        checked={isOn}
        aria-describedby={hintId}
        onChange={({ target }) => onChange(target.checked)}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  /** For where a heading says the same. */
  readonly isLabelHidden?: boolean;
  readonly hint: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
}

export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, isLabelHidden = false, hint, value, choices, onChoose } = props;
  const id = useId();
  const hintId = useId();
  return (
    <div className="setting setting--field">
      <SettingWords {...{ id, hintId, label, hint, isLabelHidden }} />
      <select
        id={id}
        className="select"
        value={value}
        aria-describedby={hintId}
        onChange={({ target }) => {
          const chosen = choices.find((choice) => choice.value === target.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
