/** An invitation in words. Pure. */
import { dialInLine, groupsOf } from '../../conference/dial-in.ts';
import type { DialIn } from '../../conference/model.ts';

export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

export interface Invitation {
  name: string;
  url: string;
  number: string;
  pin: string | null;
  /** Where callers dial. */
  dialIn: readonly DialIn[];
  /** Ms since the epoch; null for a room without a time. */
  startsAt: number | null;
}

const TEXTS = {
  en: {
    title: (name: string) => `You are invited to ${name}`,
    when: (time: string) => `When: ${time}`,
    open: (url: string) => `Open in a browser: ${url}`,
    call: (number: string) => `By telephone: room number ${number}#`,
    pin: (pin: string) => `, PIN ${pin}#`,
  },
  es: {
    title: (name: string) => `Estás invitado a ${name}`,
    when: (time: string) => `Cuándo: ${time}`,
    open: (url: string) => `Ábrelo en el navegador: ${url}`,
    call: (number: string) => `Por teléfono: número de sala ${number}#`,
    pin: (pin: string) => `, PIN ${pin}#`,
  },
} as const satisfies Record<Language, unknown>;

/** @param timeZone of the IANA database */
export function invitationText(
  { name, url, number, pin, dialIn, startsAt }: Invitation,
  { language, timeZone }: { language: Language; timeZone: string },
): string {
  const texts = TEXTS[language];
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone });
  return [
    texts.title(name),
    ...(startsAt === null ? [] : [texts.when(`${format.format(startsAt)} (${timeZone})`)]),
    texts.open(url),
    texts.call(groupsOf(number)) + (pin === null ? '' : texts.pin(pin)),
    ...dialIn.map((way) => dialInLine(way, number, pin, language)),
  ].join('\n');
}
