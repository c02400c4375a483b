/** What the admin page says of settings in Spanish, held against the settings that there are. */
import { describe, expect, it } from 'vitest';
import { inSpanish, settingsInSpanish } from '../../client/admin/settings-texts.ts';
import { about } from '../../server/config/setting.ts';
import { groups, settings } from '../../server/config/settings.ts';

// The types tell at once what is missing; the tests below, what is there for nothing.
const meanings: Record<keyof typeof settings.shape, string> = settingsInSpanish.meanings;
const headings: Record<keyof typeof groups, string> = settingsInSpanish.groups;

describe('settings in Spanish', () => {
  it('are those that there are, in their groups', () => {
    expect(Object.keys(meanings).sort()).toEqual(Object.keys(settings.shape).sort());
    expect(Object.keys(headings).sort()).toEqual(Object.keys(groups).sort());
  });

  it('have every default that is told in words', () => {
    const defaults = Object.values(settings.shape).map((schema) => about.get(schema)?.byDefault ?? '');
    const inWords = defaults.filter((told) => told === 'none' || told.includes(' '));
    expect(Object.keys(settingsInSpanish.defaults).sort()).toEqual([...new Set(inWords)].sort());
  });

  it('name the settings and the values that their English names', () => {
    const named = /\b[A-Z]+_[A-Z_]+\b|https?:\/\/\S+|\{[a-zA-Z, ]+\}|\d+/g;
    for (const [key, schema] of Object.entries(settings.shape)) {
      const english = about.get(schema)?.meaning ?? '';
      expect(inSpanish('meanings', key)?.match(named), key).toEqual(english.match(named));
    }
  });
});
