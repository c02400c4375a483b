/** What this browser remembers of its person, from one visit to the next. */
import { useSyncExternalStore } from 'react';
import type { Language } from '../i18n/text.ts';
import { MAX_NAME_LENGTH } from './name.ts';
import { isRecord, readStored, store } from './storage.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly name: string;
  /** Null follows the browser's own languages. */
  readonly language: Language | null;
  readonly theme: Theme;
  /** Device ids; null leaves the choice to the browser. */
  readonly microphoneId: string | null;
  readonly cameraId: string | null;
  readonly speakerId: string | null;
  readonly joinMuted: boolean;
  readonly joinWithoutCamera: boolean;
  readonly showSelfView: boolean;
  readonly layout: 'grid' | 'speaker';
  /** Single keys can get in the way of voice control and of shaky hands, so they can be turned off (WCAG 2.1.4). */
  readonly singleKeyShortcuts: boolean;
}

const KEY = 'tertulia.preferences';

/** Takes what fits from a stored value; anything else falls back to the default. */
export function parsePreferences(stored: unknown): Preferences {
  const from = isRecord(stored) ? stored : {};
  const text = (key: keyof Preferences): string | null => {
    const value = from[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const flag = (key: keyof Preferences, byDefault: boolean): boolean => {
    const value = from[key];
    return typeof value === 'boolean' ? value : byDefault;
  };
  const { theme, language, layout } = from;
  return {
    name: (text('name') ?? '').slice(0, MAX_NAME_LENGTH),
    language: language === 'en' || language === 'es' ? language : null,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    microphoneId: text('microphoneId'),
    cameraId: text('cameraId'),
    speakerId: text('speakerId'),
    joinMuted: flag('joinMuted', false),
    joinWithoutCamera: flag('joinWithoutCamera', false),
    showSelfView: flag('showSelfView', true),
    layout: layout === 'speaker' ? 'speaker' : 'grid',
    singleKeyShortcuts: flag('singleKeyShortcuts', true),
  };
}

let current: Preferences | undefined;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  current ??= parsePreferences(readStored(KEY));
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  store(KEY, current);
  for (const listener of listeners) listener();
}

export function subscribePreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribePreferences, preferences);
}
