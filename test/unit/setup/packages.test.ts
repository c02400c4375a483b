import { describe, expect, test } from 'vitest';
import { PACKAGES, installHint, isDebianLike, missingFrom } from '../../../server/setup/packages.ts';

describe('missing packages', () => {
  test('are those that dpkg does not show as installed', () => {
    const answer = 'meson installed\nninja-build config-files\ng++ installed\nlibssl-dev not-installed\n';
    expect(missingFrom(['meson', 'ninja-build', 'g++', 'libssl-dev', 'chromium'], answer)).toEqual([
      'ninja-build',
      'libssl-dev',
      'chromium',
    ]);
    expect(missingFrom(['meson'], '')).toEqual(['meson']);
  });
});

describe('hint', () => {
  test('gives the exact command, with the missing packages only, and why', () => {
    const hint = installHint(['meson', 'g++'], 'to build the worker', true);
    expect(hint).toMatch(/^ {2}sudo apt-get install -y --no-install-recommends meson g\+\+$/m);
    expect(hint).toContain('to build the worker');
  });

  test('says on other systems that they are not supported', () => {
    expect(installHint(['meson'], 'to build the worker', false)).toMatch(/Debian.*only/);
  });
});

test('Debian and its relatives are known by os-release', () => {
  expect(isDebianLike('NAME="Debian GNU/Linux"\nID=debian\n')).toBe(true);
  expect(isDebianLike('ID=ubuntu\nID_LIKE=debian\n')).toBe(true);
  expect(isDebianLike('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe(true);
  expect(isDebianLike('ID=fedora\nHOME_URL="https://example.org/debian"\n')).toBe(false);
  expect(isDebianLike('')).toBe(false);
});

test.each(Object.entries(PACKAGES))('%s: names are valid for apt-get and given once', (_, { names }) => {
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
});
