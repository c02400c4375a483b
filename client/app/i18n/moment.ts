/** Moments in words. Whoever reads of one on the day itself need not read the date. */

export function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}

/** The time of day, with the date before it where that is not today's. @param at in ms since the epoch */
export function momentText(at: number, locale: string, dateStyle: 'short' | 'full'): string {
  const format = new Intl.DateTimeFormat(locale, {
    timeStyle: 'short',
    ...(isToday(at) ? {} : { dateStyle }),
  });
  return format.format(at);
}
