import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayBeDialled, targetOf } from '../../../../server/bridge/sip/dialable.ts';

describe('what is typed', () => {
  test.each([
    ['+54 (11) 4321-0987', '+541143210987'],
    ['011.4321/0987', '01143210987'],
    [' 200 ', '200'],
    ['*97#', '*97#'],
    ['sip:bob@pbx.test', 'bob'],
    ['bob@PBX.test', 'bob'],
    ['bob.b-2_x', 'bob.b-2_x'],
  ])('%s is called as %s', (typed, target) => {
    expect(targetOf(typed, 'pbx.test')).toBe(target);
  });

  test.each(
    [
      ['', 'bob@elsewhere.test', 'sip:bob@pbx.test;x=y', 'bob?Route=x', 'bob smith', 'a@b@pbx.test', '+'],
    ].flat(),
  )('%s is not', (typed) => {
    expect(targetOf(typed, 'pbx.test')).toBeNull();
  });

  test('never has a sign in it that means something in a SIP address', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        expect(targetOf(typed, 'pbx.test') ?? '0').toMatch(/^[\w.+*#-]+$/);
      }),
    );
  });
});

describe('the list', () => {
  test.each([
    ['+541143210987', ['+5411*'], true],
    ['+5511432109', ['+5411*'], false],
    ['215', ['2xx'], true],
    ['2155', ['2xx'], false],
    ['21a', ['2xx'], false],
    ['bob', ['bob'], true],
    ['bobby', ['bob'], false],
    ['anything', ['*'], true],
    ['1.5', ['1x5'], false],
    ['200', [], false],
  ])('%s by %j: %s', (target, patterns, may) => {
    expect(mayBeDialled(target, patterns)).toBe(may);
  });
});
