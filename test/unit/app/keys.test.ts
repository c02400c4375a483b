import { describe, expect, it } from 'vitest';
import { itemFor } from '../../../client/app/room/controls/menu-behaviour.ts';
import { shortcutFor, SHORTCUTS } from '../../../client/app/room/keys.ts';

const press = (key: string, change: Partial<KeyboardEvent> = {}) =>
  shortcutFor({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...change })?.name;

describe('shortcuts', () => {
  it('are found by their key, whatever the case', () => {
    expect([press('m'), press('M'), press('?'), press('ArrowLeft')]).toEqual([
      'shortcuts.microphone',
      'shortcuts.microphone',
      'shortcuts.help',
      'shortcuts.pages',
    ]);
  });

  it('leave the browser’s own combinations and held keys alone', () => {
    expect([
      press('c', { ctrlKey: true }),
      press('v', { metaKey: true }),
      press('m', { repeat: true }),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('have a key of their own each', () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).not.toContain(' ');
  });
});

describe('the keyboard in a menu', () => {
  const labels = ['Grid', 'Speaker', 'Sound only', 'Settings'];

  it('goes around at both ends', () => {
    expect([itemFor('ArrowDown', labels, 3), itemFor('ArrowUp', labels, 0)]).toEqual([0, 3]);
    expect([itemFor('Home', labels, 2), itemFor('End', labels, 0)]).toEqual([0, 3]);
  });

  it('finds the next name that begins with a letter', () => {
    expect([itemFor('s', labels, 0), itemFor('S', labels, 1), itemFor('s', labels, 3)]).toEqual([1, 2, 1]);
    expect(itemFor('x', labels, 0)).toBeNull();
  });

  it('stays out of the way otherwise', () => {
    expect([itemFor(' ', labels, 0), itemFor('Enter', labels, 0), itemFor('ArrowDown', [], -1)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
