import { expect, test } from 'vitest';
import { selectedProjects } from '../../../server/setup/projects.ts';

test('projects are read from both ways to write the argument', () => {
  expect(selectedProjects(['--project', 'unit', '-t', 'x', '--project=browser'])).toEqual([
    'unit',
    'browser',
  ]);
  expect(selectedProjects(['test/unit', '--reporter=dot'])).toEqual([]);
  expect(selectedProjects(['--project'])).toEqual([]);
});
