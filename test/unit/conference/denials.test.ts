import { describe, expect, it } from 'vitest';
import { DENIED_MS, Denials } from '../../../server/conference/denials.ts';
import { ConferenceError } from '../../../server/conference/errors.ts';
import type { Origin } from '../../../server/conference/door.ts';

const NOW = 1_000_000;

const from = (address: string, deviceId: string | null = null, subject: string | null = null): Origin => ({
  ...{ address, deviceId, subject },
});

/** How long somebody still has to wait, in ms; null for one who may knock. */
function left(denials: Denials, origin: Origin, now: number): number | null {
  try {
    denials.refuse(origin, now);
    return null;
  } catch (error) {
    if (!(error instanceof ConferenceError) || error.code !== 'denied') throw error;
    return error.retryAfterMs ?? null;
  }
}

describe('Whoever was turned away', () => {
  it('is known by browser, from wherever they come, until the time is over', () => {
    const denials = new Denials();
    denials.add(from('::1', 'eve'), NOW);
    expect(left(denials, from('::2', 'eve'), NOW + 1_000)).toBe(DENIED_MS - 1_000);
    expect(left(denials, from('::1', 'eve'), NOW + DENIED_MS - 1)).toBe(1);
    expect(left(denials, from('::1', 'eve'), NOW + DENIED_MS)).toBeNull();
    expect(left(denials, from('::1', 'ana'), NOW)).toBeNull();
  });

  it('is known as a person, in another browser as well', () => {
    const denials = new Denials();
    denials.add(from('::1', 'first', 'eve@example.org'), NOW);
    expect(left(denials, from('::2', 'second', 'eve@example.org'), NOW)).toBe(DENIED_MS);
    expect(left(denials, from('::2', 'second', 'ana@example.org'), NOW)).toBeNull();
  });

  it('is known by address, who says nothing else of themselves', () => {
    const denials = new Denials();
    denials.add(from('trunk 123'), NOW);
    expect(left(denials, from('trunk 123'), NOW)).toBe(DENIED_MS);
    expect(left(denials, from('trunk 124'), NOW)).toBeNull();
  });

  it('does not get far as somebody else each time', () => {
    const denials = new Denials();
    for (let i = 0; i < 3; i += 1) {
      expect(left(denials, from('::1', 'another'), NOW + i)).toBeNull();
      denials.add(from('::1', `eve ${i}`), NOW + i);
    }
    // Until the first of the three is forgotten.
    expect(left(denials, from('::1', 'another'), NOW + 10)).toBe(DENIED_MS - 10);
    expect(left(denials, from('::2', 'another'), NOW + 10)).toBeNull();
    expect(left(denials, from('::1', 'another'), NOW + DENIED_MS)).toBeNull();
  });

  it('has the longest time of all that were given', () => {
    const denials = new Denials();
    denials.add(from('::1', 'eve'), NOW);
    denials.add(from('::1', 'eve'), NOW + 500);
    expect(left(denials, from('::1', 'eve'), NOW + 500)).toBe(DENIED_MS);
  });
});
