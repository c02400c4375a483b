/** The language of the interface: chosen by the browser or the person, changed without a reload. */
import { useSyncExternalStore } from 'react';
import type { phone } from './en/phone.ts';
import type { room } from './en/room.ts';
import type { start } from './en/start.ts';
import { createFormatter, type Message, type Placeholders, type Plural } from './message.ts';

/** Each in its own words, as the switch shows them. */
export const LANGUAGES = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

/** The texts come in parts, so that the start page loads only its own. */
interface Parts {
  readonly start: typeof start;
  readonly room: typeof room;
  readonly phone: typeof phone;
}
type PartName = keyof Parts;
type Catalogue = Parts['start'] & Parts['room'] & Parts['phone'];
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
  /** For days, times and numbers. */
  readonly locale: string;
}

/** Something that is said for as long as it is shown, in whatever language that is by then. */
export type Words = (text: Text) => string;

/** What every language has: the same keys as the English texts, with plural forms for the same ones. */
export type Translated<English> = {
  readonly [K in keyof English]: English[K] extends string ? string : Plural;
};
export type Part<P extends PartName> = Translated<Parts[P]>;
type Translation = { readonly [K in TextKey]?: Message };

const catalogues: Record<Language, { readonly [P in PartName]: () => Promise<Part<P>> }> = {
  en: {
    start: async () => (await import('./en/start.ts')).start,
    room: async () => (await import('./en/room.ts')).room,
    phone: async () => (await import('./en/phone.ts')).phone,
  },
  es: {
    start: async () => (await import('./es/start.ts')).start,
    room: async () => (await import('./es/room.ts')).room,
    phone: async () => (await import('./es/phone.ts')).phone,
  },
};

let current: Text | undefined;
let wantsRoom = false;
let wantsPhone = false;
/** One load after the other, so that the last wish holds. */
let loading: Promise<void> = Promise.resolve();
const listeners = new Set<() => void>();

/** The first of the wished languages that there is a catalogue for; English if none. */
export function pickLanguage(wished: readonly string[]): Language {
  for (const tag of wished) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'en' || base === 'es') return base;
  }
  return 'en';
}

/** A language as the browser wants it where it does: days, times and numbers differ by country. */
export function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

/** Loads a language's texts, and shows everything in it. */
export function setLanguage(language: Language): Promise<void> {
  return enqueue(() => load(language));
}

/** Loads the texts of rooms as well, to be awaited before anything but the start page is shown. */
export function needRoomTexts(): Promise<void> {
  wantsRoom = true;
  return enqueue(() => load(snapshot().language));
}

/** Loads the texts of the web phone, and those of rooms, which it shares controls with. */
export function needPhoneTexts(): Promise<void> {
  wantsPhone = true;
  return needRoomTexts();
}

function enqueue(step: () => Promise<void>): Promise<void> {
  // A part that could not be fetched is told to whoever asked for it; the next one asks anew.
  loading = loading.then(step, step);
  return loading;
}

async function load(language: Language): Promise<void> {
  const parts = catalogues[language];
  const [start, room, phone] = await Promise.all([
    parts.start(),
    wantsRoom ? parts.room() : undefined,
    wantsPhone ? parts.phone() : undefined,
  ]);
  current = createText(language, { ...start, ...room, ...phone });
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** @param catalogue a text that is not in it cannot be written, and throws */
export function createText(language: Language, catalogue: Translation): Text {
  const formatter = createFormatter(localeOf(language));
  const text = <K extends TextKey>(key: K, ...[values]: ValuesOf<K>): string => {
    const message: Message | undefined = catalogue[key];
    if (message === undefined) throw new Error(`The text ${key} is not loaded.`);
    return formatter.format(message, values ?? {});
  };
  return Object.assign(text, { language, locale: localeOf(language) });
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
