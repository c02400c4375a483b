/** The switches for language and theme: native selects, at home on every page. */
import { Languages, SunMoon } from 'lucide-react';
import { LANGUAGES, setLanguage, useText, type Language, type PlainTextKey } from '../i18n/text.ts';
import { setPreferences, usePreferences, type Theme } from '../preferences/preferences.ts';

const THEMES = {
  system: 'theme.system',
  light: 'theme.light',
  dark: 'theme.dark',
} as const satisfies Record<Theme, PlainTextKey>;

const isLanguage = (value: string): value is Language => value in LANGUAGES;
const isTheme = (value: string): value is Theme => value in THEMES;

interface SelectProps {
  /** The element's id, where a label of its own stands beside it. */
  readonly id?: string;
}

export function LanguageSelect({ id }: SelectProps) {
  const text = useText();
  const choose = (value: string): void => {
    if (!isLanguage(value)) return;
    setPreferences({ language: value });
    void setLanguage(value);
  };
  return (
    <span className="look">
      <Languages size={18} aria-hidden="true" />
      <select
        className="select"
        {...(id === undefined ? { 'aria-label': text('language.label') } : { id })}
        value={text.language}
        onChange={(event) => choose(event.target.value)}
      >
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

export function ThemeSelect({ id }: SelectProps) {
  const text = useText();
  const { theme } = usePreferences();
  const choose = (value: string): void => {
    if (isTheme(value)) setPreferences({ theme: value });
  };
  return (
    <span className="look">
      <SunMoon size={18} aria-hidden="true" />
      <select
        className="select"
        {...(id === undefined ? { 'aria-label': text('theme.label') } : { id })}
        value={theme}
        onChange={(event) => choose(event.target.value)}
      >
        {Object.entries(THEMES).map(([value, key]) => (
          <option key={value} value={value}>
            {text(key)}
          </option>
        ))}
      </select>
    </span>
  );
}
