import { describe, expect, it } from 'vitest';
import { personOf } from '../../../server/access/person.ts';

const teachers = { name: 'groups', value: 'teachers' };
const ISSUER = 'https://id.example';

function person(claims: Record<string, unknown>, rules = { hostClaim: null, adminClaim: null }) {
  return personOf(ISSUER, { sub: '17', ...claims }, rules);
}

describe('Who signed in', () => {
  it.each([
    [undefined, false],
    ['teachers', true],
    ['teacher', false],
    [['students', 'teachers'], true],
    [[['teachers']], false],
    [[], false],
    [{ teachers: true }, false],
    [null, false],
  ])('has the claim groups=teachers with %j: %s', (groups, has) => {
    const rules = { hostClaim: teachers, adminClaim: teachers };
    expect(personOf(ISSUER, { sub: '17', groups }, rules)).toMatchObject({ isHost: has, isAdmin: has });
  });

  it('has a claim that is no text as well', () => {
    const rules = {
      hostClaim: { name: 'verified', value: 'true' },
      adminClaim: { name: 'missing', value: 'undefined' },
    };
    expect(personOf(ISSUER, { sub: '17', verified: true }, rules)).toMatchObject({
      isHost: true,
      isAdmin: false,
    });
  });

  it('is host without rules, and never admin', () => {
    expect(person({})).toEqual({
      ...{ subject: 'https://id.example#17', name: null, avatar: null, isHost: true, isAdmin: false },
    });
  });

  it.each([
    [{ name: 'Ana' }, 'Ana'],
    [{ name: ' Ana\u0000\u202e ', preferred_username: 'a' }, 'Ana'],
    [{ preferred_username: 'ana' }, 'ana'],
    [{ name: '\u200b' }, null],
    [{ name: 17 }, null],
    [{ name: 'x'.repeat(100) }, 'x'.repeat(64)],
    [{ name: `${'x'.repeat(63)}😀` }, 'x'.repeat(63)],
  ])('is called as %j says', (claims, name) => expect(person(claims).name).toBe(name));

  it.each([
    ['https://id.example/a.png', true],
    ['http://id.example/a.png', false],
    ['javascript:alert(1)', false],
    ['data:image/png;base64,AA', false],
    [17, false],
  ])('has the picture %s or none', (picture, isTaken) => {
    expect(person({ picture }).avatar).toBe(isTaken ? picture : null);
  });
});
