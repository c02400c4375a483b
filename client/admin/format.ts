/** Figures as people read them. Pure. */
import type { Language } from '../app/i18n/text.ts';

/** @param bits in bit/s */
export function bitrate(bits: number, language: Language): string {
  if (bits < 999_500) return `${number(bits / 1_000, language, 0)} kbit/s`;
  return `${number(bits / 1_000_000, language, 1)} Mbit/s`;
}

export function megabytes(bytes: number, language: Language): string {
  return `${number(bytes / 1_000_000, language, 0)} MB`;
}

/** @param share of one processor; null until it is known */
export function percent(share: number | null, language: Language): string {
  if (share === null) return '–';
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  }).format(share);
}

/** @param at ms since the epoch */
export function timeOfDay(at: number | string, language: Language, withSeconds = false): string {
  const timeStyle = withSeconds ? 'medium' : 'short';
  return new Intl.DateTimeFormat(language, { timeStyle }).format(new Date(at));
}

/** @param at ms since the epoch */
export function dayAndTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** @param ms in ms */
export function milliseconds(ms: number, language: Language): string {
  return `${number(ms, language, 1)} ms`;
}

function number(value: number, language: Language, digits: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
