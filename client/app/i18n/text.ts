/** The language of the interface: chosen by the browser or the person, changed without a reload. */
import { useSyncExternalStore } from 'react';
import type { en } from './en.ts';
import { createFormatter, type Message, type Placeholders } from './message.ts';

/** Each in its own words, as the switch shows them. */
export const LANGUAGES = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

type Catalogue = typeof en;
export type TextKey = keyof Catalogue;
type ValuesOf<K extends TextKey> = [Placeholders<Catalogue[K]>] extends [never]
  ? []
  : [values: { readonly [P in Placeholders<Catalogue[K]>]: string | number }];

/** Texts without placeholders, for tables that map codes to texts. */
export type PlainTextKey = { [K in TextKey]: ValuesOf<K> extends [] ? K : never }[TextKey];

/** All texts in one language; a new object for each language. */
export interface Text {
  <K extends TextKey>(key: K, ...values: ValuesOf<K>): string;
  readonly language: Language;
}

/** What every catalogue holds: the same keys as the English one. */
export type Translation = { readonly [K in TextKey]: Message };

const catalogues: Record<Language, () => Promise<Translation>> = {
  en: async () => (await import('./en.ts')).en,
  es: async () => (await import('./es.ts')).es,
};

let current: Text | undefined;
const listeners = new Set<() => void>();

/** The first of the wished languages that there is a catalogue for; English if none. */
export function pickLanguage(wished: readonly string[]): Language {
  for (const tag of wished) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'en' || base === 'es') return base;
  }
  return 'en';
}

/** Loads a catalogue and shows everything in it. */
export async function setLanguage(language: Language): Promise<void> {
  const catalogue = await catalogues[language]();
  current = createText(language, catalogue);
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export function createText(language: Language, catalogue: Translation): Text {
  const formatter = createFormatter(language);
  const text = <K extends TextKey>(key: K, ...[values]: ValuesOf<K>): string =>
    formatter.format(catalogue[key], values ?? {});
  return Object.assign(text, { language });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function snapshot(): Text {
  if (!current) throw new Error('No language is loaded yet: await setLanguage() before rendering.');
  return current;
}

/** The texts of the current language; renders again when the language changes. */
export function useText(): Text {
  return useSyncExternalStore(subscribe, snapshot);
}

/** The same for what happens outside of components, at the moment of the call. */
export function currentText(): Text {
  return snapshot();
}
