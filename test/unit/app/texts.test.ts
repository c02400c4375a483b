import { describe, expect, it, vi } from 'vitest';
import * as enPhone from '../../../client/app/i18n/en/phone.ts';
import * as enRoom from '../../../client/app/i18n/en/room.ts';
import * as enStart from '../../../client/app/i18n/en/start.ts';
import * as esPhone from '../../../client/app/i18n/es/phone.ts';
import * as esRoom from '../../../client/app/i18n/es/room.ts';
import * as esStart from '../../../client/app/i18n/es/start.ts';
import type { Message } from '../../../client/app/i18n/message.ts';
import { createText, localeOf, pickLanguage } from '../../../client/app/i18n/text.ts';

type Catalogue = Readonly<Record<string, Message>>;
const english: Catalogue = { ...enStart.start, ...enRoom.room, ...enPhone.phone };
const spanish: Catalogue = { ...esStart.start, ...esRoom.room, ...esPhone.phone };

const formsOf = (message: Message): string[] =>
  typeof message === 'string' ? [message] : Object.values(message);
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();

describe('the catalogues', () => {
  it('have the same texts, in the same parts', () => {
    expect(Object.keys(esStart.start).sort()).toEqual(Object.keys(enStart.start).sort());
    expect(Object.keys(esRoom.room).sort()).toEqual(Object.keys(enRoom.room).sort());
    expect(Object.keys(esPhone.phone).sort()).toEqual(Object.keys(enPhone.phone).sort());
  });

  it('have the same placeholders', () => {
    for (const [key, message] of Object.entries(english)) {
      const wanted = placeholders(formsOf(message).at(-1)!);
      for (const form of [...formsOf(message), ...formsOf(spanish[key]!)])
        expect(placeholders(form), key).toEqual(wanted);
    }
  });

  it.each([
    ['en', english],
    ['es', spanish],
  ])('have every plural form of %s', (language, catalogue) => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const message of Object.values(catalogue))
      if (typeof message !== 'string')
        expect(Object.keys(message).sort()).toEqual([...pluralCategories].sort());
  });
});

describe('a text', () => {
  const en = createText('en', { ...enStart.start, ...enRoom.room });
  const es = createText('es', { ...esStart.start, ...esRoom.room });

  it('is written with its values, numbers as the language writes them', () => {
    expect(en('title.room', { room: 'salon' })).toBe('salon · Tertulia');
    expect(es('unit.kbps', { value: 12345.6 })).toContain('12.345,6');
  });

  it('takes the plural form of its count', () => {
    expect(en('unit.minutes', { count: 1 })).toBe('1 minute');
    expect(es('unit.minutes', { count: 2 })).toBe('2 minutos');
  });

  it('never takes a value for a placeholder', () => {
    expect(en('title.unread', { count: 2, title: '{count}' })).toBe('(2) {count}');
  });

  it('is missed loudly when its part is not loaded', () => {
    expect(() => createText('en', enStart.start)('chat.send')).toThrow('chat.send');
  });
});

describe('the language', () => {
  it('is the first wished one that there is, else English', () => {
    expect(pickLanguage(['fr-FR', 'es-MX', 'en'])).toBe('es');
    expect(pickLanguage(['de'])).toBe('en');
  });
});

describe('days, times and numbers', () => {
  it('are written as the browser wants them in the language of the interface', () => {
    vi.stubGlobal('navigator', { languages: ['fr-CA', 'en-GB', 'en', 'es-AR'] });
    expect([localeOf('en'), localeOf('es')]).toEqual(['en-GB', 'es-AR']);
    vi.stubGlobal('navigator', { languages: ['fr-CA'] });
    expect(localeOf('es')).toBe('es');
    vi.unstubAllGlobals();
  });
});
