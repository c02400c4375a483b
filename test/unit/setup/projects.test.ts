import { expect, test } from 'vitest';
import { isSelected, selectedProjects } from '../../../server/setup/projects.ts';

test('projects are read from both ways to write the argument', () => {
  expect(selectedProjects(['--project', 'unit', '-t', 'x', '--project=browser'])).toEqual([
    'unit',
    'browser',
  ]);
  expect(selectedProjects(['test/unit', '--reporter=dot'])).toEqual([]);
  expect(selectedProjects(['--project'])).toEqual([]);
});

test('a project is selected by name, by pattern, and by no selection at all', () => {
  expect(isSelected('telephony', [])).toBe(true);
  expect(isSelected('telephony', ['unit'])).toBe(false);
  expect(isSelected('telephony', ['unit', 'tele*'])).toBe(true);
  expect(isSelected('telephony', ['!browser'])).toBe(true);
  expect(isSelected('browser', ['!browser'])).toBe(false);
});
