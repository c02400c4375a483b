import { describe, expect, test } from 'vitest';
import { calledNumberOf, callerOf, roomNumberOf } from '../../../../server/bridge/sip/identity.ts';
import type { InviteHeaders } from '../../../../server/bridge/sip/identity.ts';

const address = (user: string | null, name: string | null = null, host = 'pbx.test') => ({
  user,
  name,
  host,
});

function headers(change: Partial<InviteHeaders>): InviteHeaders {
  return {
    from: address('101', 'Alice'),
    to: address('bridge'),
    asserted: null,
    calledParty: null,
    privacy: '',
    ...change,
  };
}

describe('who calls', () => {
  test('is whom From names', () => {
    expect(callerOf(headers({}), false)).toEqual({ number: '101', name: 'Alice' });
  });

  test('is whom the PBX asserts, if it is to be believed', () => {
    const asserted = address('+541143210987');
    expect(callerOf(headers({ asserted }), true)).toEqual({ number: '+541143210987', name: 'Alice' });
    expect(callerOf(headers({ asserted }), false)).toEqual({ number: '101', name: 'Alice' });
  });

  test.each([
    { privacy: 'id' },
    { privacy: 'critical;user' },
    { from: address('anonymous', 'Anonymous') },
    { from: address('101', 'Alice', 'anonymous.invalid') },
    { from: address(null) },
  ])('is nobody when withheld: %j', (change) => {
    expect(callerOf(headers(change), true)).toEqual({ number: null, name: null });
  });

  test('has no name that plays tricks with screens, nor one without end', () => {
    const name = `A\u202ebc\u0000\u200b${'x'.repeat(500)}`;
    const party = callerOf(headers({ from: address('101', name) }), false);
    expect(party.name).toMatch(/^Abcx+$/);
    expect(party.name).toHaveLength(64);
  });
});

test('the number called is what it was before the PBX put in our address', () => {
  expect(calledNumberOf(headers({ calledParty: address('810') }))).toBe('810');
  expect(calledNumberOf(headers({ to: address('811') }))).toBe('811');
});

test('a number stands for a room if it is on the list, whatever else it spells', () => {
  const rooms = new Map([['810', '123456']]);
  expect(roomNumberOf('810', rooms)).toBe('123456');
  expect(roomNumberOf('811', rooms)).toBeNull();
  expect(roomNumberOf('constructor', rooms)).toBeNull();
  expect(roomNumberOf(null, rooms)).toBeNull();
});
