import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../server/setup/paths.ts';
import { applyPatch } from '../../../server/setup/worker-build.ts';
import { downloadUrl } from '../../../server/setup/worker-download.ts';
import { cacheKey } from '../../../server/setup/worker.ts';
import { PATCHES } from '../../../worker-config/mediasoup-worker/patches.ts';

const DEBIAN_12 = 'PRETTY_NAME="Debian"\nVERSION_ID="12"\nID=debian\n';
const HASH = 'abcdef0123456789';

describe('cache key', () => {
  const key = cacheKey('3.27.1', HASH, 'x64', 'linux', DEBIAN_12);

  test('names version, recipe, platform and system', () => {
    expect(key).toBe('worker-3.27.1-abcdef012345-linux-x64-debian-12');
  });

  test('differs when any of them does', () => {
    const others = [
      cacheKey('3.27.2', HASH, 'x64', 'linux', DEBIAN_12),
      cacheKey('3.27.1', `0${HASH}`, 'x64', 'linux', DEBIAN_12),
      cacheKey('3.27.1', HASH, 'arm64', 'linux', DEBIAN_12),
      cacheKey('3.27.1', HASH, 'x64', 'darwin', ''),
      cacheKey('3.27.1', HASH, 'x64', 'linux', 'ID=debian\nVERSION_ID="13"\n'),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });

  test('can not leave the cache folder, whatever the system calls itself', () => {
    expect(cacheKey('3.27.1', HASH, 'x64', 'linux', 'ID=../../etc\n')).not.toContain('/');
  });
});

describe('download', () => {
  const mediasoup = { version: '3.27.1', repositoryUrl: 'git+https://example.org/owner/mediasoup.git' };

  test('is the release asset of the repository that the package names', () => {
    expect(downloadUrl(mediasoup, { platform: 'linux', arch: 'x64', kernel: '6.1.0-28' })).toBe(
      'https://example.org/owner/mediasoup/releases/download/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
    );
    expect(downloadUrl(mediasoup, { platform: 'darwin', arch: 'arm64', kernel: '24.1.0' })).toMatch(
      /mediasoup-worker-3\.27\.1-darwin-arm64\.tgz$/,
    );
  });

  test('can come from a mirror', () => {
    const baseUrl = 'http://mirror.example/workers';
    expect(downloadUrl(mediasoup, { platform: 'linux', arch: 'x64', kernel: '6.1.0', baseUrl })).toBe(
      'http://mirror.example/workers/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
    );
  });
});

describe('patches of the source', () => {
  const patch = { file: 'src/a.cpp', find: 'a == B', replace: '(a & B) != 0 /* $& */', why: 'B is a bit' };

  test('replace the line', () => {
    expect(applyPatch('if (a == B) {}', patch)).toBe('if ((a & B) != 0 /* $& */) {}');
  });

  test('fail loudly, saying why the line matters, when it is not there or there twice', () => {
    expect(() => applyPatch('if (a & B) {}', patch)).toThrow(/src\/a\.cpp has 'a == B' 0 times.*B is a bit/);
    expect(() => applyPatch('a == B; a == B', patch)).toThrow(/2 times/);
  });

  test.each(PATCHES)('$file fits the mediasoup that is installed', async (real) => {
    const text = await readFile(path.join(ROOT, 'node_modules/mediasoup/worker', real.file), 'utf8');
    expect(applyPatch(text, real)).toContain(real.replace);
  });
});
