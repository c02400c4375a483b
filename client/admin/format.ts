/** Figures as people read them. Pure. */

/** @param bits in bit/s */
export function bitrate(bits: number, locale: string): string {
  if (bits < 999_500) return `${number(bits / 1_000, locale, 0)} kbit/s`;
  return `${number(bits / 1_000_000, locale, 1)} Mbit/s`;
}

export function megabytes(bytes: number, locale: string): string {
  return `${number(bytes / 1_000_000, locale, 0)} MB`;
}

/** @param share of one processor; null until it is known */
export function percent(share: number | null, locale: string): string {
  if (share === null) return '–';
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  }).format(share);
}

/** @param at ms since the epoch */
export function timeOfDay(at: number | string, locale: string, withSeconds = false): string {
  const timeStyle = withSeconds ? 'medium' : 'short';
  return new Intl.DateTimeFormat(locale, { timeStyle }).format(new Date(at));
}

/** @param at ms since the epoch */
export function dayAndTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** @param ms in ms */
export function milliseconds(ms: number, locale: string): string {
  return `${number(ms, locale, 1)} ms`;
}

function number(value: number, locale: string, digits: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
