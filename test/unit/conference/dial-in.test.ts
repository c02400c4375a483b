import { describe, expect, it } from 'vitest';
import { aboutDialIn, dialLink, groupsOf } from '../../../server/conference/dial-in.ts';

const number = {
  number: '+541152525252',
  written: '+54 11 5252 5252',
  country: 'AR',
  label: null,
  language: 'es',
};

describe('a way in by telephone', () => {
  it('has a link that dials through with pauses', () => {
    expect(dialLink(number, '12345678', '4711')).toBe('tel:+541152525252,,12345678%23,,4711%23');
    expect(dialLink(number, '12345678', null)).toBe('tel:+541152525252,,12345678%23');
  });

  it('has none where the number means something else elsewhere', () => {
    expect(dialLink({ ...number, number: '700' }, '12345678', null)).toBeNull();
  });

  it('tells where it is and what is spoken, in the reader’s language', () => {
    expect(aboutDialIn(number, 'en')).toBe('Argentina, Spanish');
    expect(aboutDialIn({ ...number, country: 'ES' }, 'es')).toBe('España, español');
    expect(aboutDialIn({ ...number, label: 'Buenos Aires', language: null }, 'en')).toBe('Buenos Aires');
    expect(aboutDialIn({ ...number, country: null, language: null }, 'en')).toBe('');
  });

  it('has digits in groups, as they are read out', () => {
    expect(['12345678', '123456789', '123'].map(groupsOf)).toEqual(['1234 5678', '1234 5678 9', '123']);
  });
});
