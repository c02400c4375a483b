/**
 * Asterisk, which Debian 12 does not have: fetched from Debian unstable, by this machine's own mirror, with the libraries
 * that it needs, and unpacked into the cache. Nothing is installed, and nobody has to be root: it runs from its folder,
 * by the dynamic linker beside it.
 */
import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeForCache } from '../../../server/setup/cache.ts';
import { SetupError } from '../../../server/setup/errors.ts';
import { hashOf } from '../../../server/setup/hash.ts';
import { CACHE, ROOT } from '../../../server/setup/paths.ts';
import { aptProgress, withProgress } from '../../../server/setup/progress.ts';
import type { Progress } from '../../../server/setup/progress.ts';
import { run } from '../../../server/setup/run.ts';

const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Mirrors that do not answer within so many seconds are none. */
const MIRROR_TIMEOUT_S = 15;

/** A program of the folder, and what has to stand before its own arguments. */
export interface Unpacked {
  command: string;
  args: readonly string[];
  /** Where its package's files are, such as `etc/asterisk`. */
  folder: string;
  modules: string;
}

/** Returns an Asterisk that is known to start here. @throws SetupError with the reason why there is none */
export async function ensureAsterisk(): Promise<Unpacked> {
  const recipe = await hashOf(ROOT, [import.meta.filename]);
  const folder = path.join(CACHE, `asterisk-${recipe.slice(0, 12)}-${process.arch}`);
  if (existsSync(folder)) return unpackedIn(folder);
  await makeForCache('asterisk', (temporary) =>
    withProgress('Fetching Asterisk from Debian unstable', async (progress) => {
      const packages = await download(temporary, progress);
      const whole = path.join(temporary, 'whole');
      await mkdir(whole);
      for (const [index, file] of packages.entries()) {
        progress.update(`unpacking ${index + 1}/${packages.length}`);
        await run('dpkg-deb', ['--extract', file, whole]);
        await rm(file);
      }
      const { command, args } = await unpackedIn(whole);
      await run(command, [...args, '-V']);
      await rename(whole, folder).catch((error: unknown) => {
        // A run beside this one was faster.
        if (!existsSync(folder)) throw error;
      });
    }),
  );
  return unpackedIn(folder);
}

/** @returns paths of the packages, in the folder: Asterisk's, and all that it depends on */
async function download(folder: string, progress: Progress): Promise<string[]> {
  const inFolder = (name: string): string => path.join(folder, name);
  for (const name of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(inFolder(name), { recursive: true });
  await writeFile(inFolder('sources.list'), `deb [signed-by=${KEYS}] ${await mirror()} sid main\n`);
  // To a system without any package, everything is missing.
  await writeFile(inFolder('status'), '');
  const settings = {
    'Dir::State': inFolder('state'),
    'Dir::State::status': inFolder('status'),
    'Dir::Cache': inFolder('cache'),
    'Dir::Etc::SourceList': inFolder('sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Acquire::Languages': 'none',
    'Acquire::http::Timeout': MIRROR_TIMEOUT_S,
    'Acquire::https::Timeout': MIRROR_TIMEOUT_S,
    'APT::Install-Recommends': 'false',
    'APT::Status-Fd': 3,
    // The folder is its owner's alone, also if that is root.
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (args: readonly string[]): Promise<void> =>
    run('apt-get', [...options, ...args], {
      hasStatusFd: true,
      onLine: (line) => {
        const step = aptProgress(line);
        if (step !== undefined) progress.update(step);
      },
    });
  await apt(['update', '--error-on=any']);
  await apt(['install', '-y', '--download-only', 'asterisk']);
  const names = await readdir(inFolder('cache/archives'));
  return names.filter((name) => name.endsWith('.deb')).map((name) => inFolder(`cache/archives/${name}`));
}

/** Where apt gets this machine's Debian: every whole mirror has unstable too. */
async function mirror(): Promise<string> {
  const uris: string[] = [];
  await run('apt-get', ['--print-uris', 'update'], { onLine: (line) => uris.push(line) });
  const found = mirrorIn(uris);
  if (found === undefined)
    throw new SetupError(
      'Among the sources of apt is no mirror of Debian, whose address would end in /debian.',
    );
  return found;
}

/** The first address of a whole Debian in what `apt-get --print-uris update` tells. */
export function mirrorIn(lines: readonly string[]): string | undefined {
  return lines
    .map((line) => /^'(\S+\/debian)\/dists\/\S+\/InRelease'/.exec(line)?.[1])
    .find((uri) => uri !== undefined);
}

async function unpackedIn(folder: string): Promise<Unpacked> {
  const linker = await firstOf(folder, 'usr/lib/*/ld-linux-*.so.*');
  const libraries = path.dirname(linker);
  return {
    command: linker,
    args: ['--library-path', libraries, path.join(folder, 'usr/sbin/asterisk')],
    folder,
    modules: path.join(libraries, 'asterisk/modules'),
  };
}

async function firstOf(folder: string, pattern: string): Promise<string> {
  for await (const found of glob(pattern, { cwd: folder })) return path.join(folder, found);
  throw new SetupError(`In what was unpacked for Asterisk is no ${pattern}.`);
}
