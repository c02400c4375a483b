import { describe, expect, test } from 'vitest';
import {
  NODE_VERSION,
  cacheFolder,
  isInstalled,
  isSuitableNode,
  signalFilter,
} from '../../../server/setup/runtime.mjs';

describe('choice of Node', () => {
  test.each(['22.18.0', 'v22.21.1', '24.0.0', '24.21.0', '26.1.0', NODE_VERSION])('takes %s', (version) => {
    expect(isSuitableNode(version)).toBe(true);
  });

  test.each(['18.20.0', '20.20.2', '22.17.9', '23.11.0', '25.0.0', '24', 'v24.0.0-nightly', ''])(
    'does not take %s',
    (version) => {
      expect(isSuitableNode(version)).toBe(false);
    },
  );
});

describe('cache folder', () => {
  test('is in XDG_CACHE_HOME if that is an absolute path, else in the home folder', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache' }, '/home/me')).toBe('/var/cache/tertulia');
    expect(cacheFolder({ XDG_CACHE_HOME: 'cache' }, '/home/me')).toBe('/home/me/.cache/tertulia');
    expect(cacheFolder({ XDG_CACHE_HOME: '' }, '/home/me')).toBe('/home/me/.cache/tertulia');
    expect(cacheFolder({}, '/home/me')).toBe('/home/me/.cache/tertulia');
  });
});

describe('comparison of node_modules with the lock file', () => {
  const lock = JSON.stringify({
    packages: {
      '': { name: 'x' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b-win32': { version: '2.0.0', integrity: 'sha512-b', optional: true },
    },
  });
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const installed = (packages: unknown) => JSON.stringify({ packages });

  test('is content with what was installed, less optional packages, plus others', () => {
    expect(isInstalled(lock, installed({ 'node_modules/a': a }))).toBe(true);
    expect(isInstalled(lock, installed({ 'node_modules/a': a, 'node_modules/c': a }))).toBe(true);
  });

  test('asks for an installation when there was none, or one is missing or differs', () => {
    expect(isInstalled(lock, undefined)).toBe(false);
    expect(isInstalled(lock, installed({}))).toBe(false);
    expect(isInstalled(lock, installed({ 'node_modules/a': { ...a, version: '1.0.1' } }))).toBe(false);
    expect(isInstalled(lock, installed({ 'node_modules/a': { ...a, integrity: 'sha512-z' } }))).toBe(false);
  });
});

test('a signal that comes twice at once is passed on once, and again when it is repeated later', () => {
  const passesOn = signalFilter(300);
  expect(passesOn('SIGINT', 1000)).toBe(true);
  expect(passesOn('SIGINT', 1002)).toBe(false);
  expect(passesOn('SIGTERM', 1003)).toBe(true);
  expect(passesOn('SIGINT', 1300)).toBe(true);
});
