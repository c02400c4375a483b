// Gets the mediasoup worker, the process that forwards media: MEDIASOUP_WORKER_BIN, else one from the cache, else
// mediasoup's prebuilt one, else one built from the source in mediasoup's npm package.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeForCache } from './cache.ts';
import { SetupError, messageOf } from './errors.ts';
import { filesIn, hashOf } from './hash.ts';
import { readOsRelease } from './packages.ts';
import { CACHE, inRoot } from './paths.ts';
import { withProgress } from './progress.ts';
import { run } from './run.ts';
import { RECIPE, buildWorker } from './worker-build.ts';
import { type MediasoupPackage, downloadWorker, readMediasoupPackage } from './worker-download.ts';

const BINARY = 'mediasoup-worker';

/** The worker's exit code for a start without the environment that its parent gives: it loads and runs. */
const EXIT_CODE_WRONG_ENVIRONMENT = 41;

/** Returns the path of a mediasoup worker that is known to work here. */
export async function ensureWorker(): Promise<string> {
  const mediasoup = await readMediasoupPackage();
  const given = process.env['MEDIASOUP_WORKER_BIN'];
  if (given !== undefined && given !== '') {
    await verifyGiven(given, mediasoup);
    return given;
  }

  const folder = path.join(CACHE, await workerKey(mediasoup.version));
  const worker = path.join(folder, BINARY);
  if ((await problemStarting(worker)) === undefined) return worker;

  await makeForCache('worker', async (temporary) => {
    const made = await makeWorker(mediasoup, temporary);
    const finished = path.join(temporary, 'finished');
    await mkdir(finished);
    await rename(made, path.join(finished, BINARY));
    await replaceFolder(finished, folder);
  });
  return worker;
}

/**
 * Name of the cache folder for a worker. It holds all that the binary depends on: mediasoup's version, our recipe,
 * the processor, and the system release, whose libraries it is linked with.
 *
 * @param recipeHash hash of the recipe's files
 * @param osRelease content of /etc/os-release
 */
export function cacheKey(
  version: string,
  recipeHash: string,
  arch: string,
  platform: string,
  osRelease: string,
): string {
  const release = ['ID', 'VERSION_ID']
    .map((field) => new RegExp(`^${field}="?([\\w.-]+)`, 'm').exec(osRelease)?.[1])
    .filter((value) => value !== undefined);
  return ['worker', version, recipeHash.slice(0, 12), platform, arch, ...release].join('-');
}

async function workerKey(version: string): Promise<string> {
  const recipe = await hashOf(RECIPE, await filesIn(RECIPE));
  return cacheKey(version, recipe, process.arch, process.platform, await readOsRelease());
}

/** Makes a worker in a folder of its own, by download or build, and gives its path once it has proved to work. */
async function makeWorker(mediasoup: MediasoupPackage, folder: string): Promise<string> {
  try {
    return await withProgress("Downloading mediasoup's prebuilt worker", async (progress) => {
      const downloaded = await downloadWorker(mediasoup, folder, progress);
      await verifyWorker(downloaded);
      return downloaded;
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(
      `${error.message}\nBuilding the worker from its source instead; this takes some minutes, once.`,
    );
  }
  const built = await buildWorker(folder);
  await withProgress('Trying the worker', () => verifyWorker(built));
  return built;
}

/** Verifies a worker that we did not make, once for each file and mediasoup: it may be of another version. */
async function verifyGiven(worker: string, mediasoup: MediasoupPackage): Promise<void> {
  const problem = await problemStarting(worker);
  if (problem !== undefined) throw new SetupError(`MEDIASOUP_WORKER_BIN is ${worker}, but ${problem}.`);
  const { size, mtimeMs } = await stat(worker);
  const key = await hashOf(
    CACHE,
    [],
    [path.resolve(worker), String(size), String(mtimeMs), mediasoup.version],
  );
  const stamp = path.join(CACHE, `verified-${key.slice(0, 16)}`);
  if (existsSync(stamp)) return;
  await withProgress(`Trying ${worker}`, () => verifyWorker(worker));
  await mkdir(CACHE, { recursive: true });
  await writeFile(stamp, `${path.resolve(worker)}\n`);
}

/** Throws unless the worker makes a router and an encrypted transport. In a process of its own, as it may crash. */
async function verifyWorker(worker: string): Promise<void> {
  const problem = await problemStarting(worker);
  if (problem !== undefined) throw new SetupError(`The worker does not work here: ${problem}.`);
  await run(process.execPath, [...process.execArgv, inRoot('server/setup/worker-verify.ts'), worker]);
}

/** A quick look, for each start: undefined if the file is there and its libraries are, else what is wrong with it. */
async function problemStarting(worker: string): Promise<string | undefined> {
  try {
    await access(worker);
  } catch (error) {
    return `it can't be read (${messageOf(error)})`;
  }
  // Without environment it exits at once. A relative path would be searched for in PATH.
  const result = spawnSync(path.resolve(worker), { env: {}, encoding: 'utf8', timeout: 5000 });
  if (result.status === EXIT_CODE_WRONG_ENVIRONMENT) return undefined;
  return `it does not start (${result.error?.message ?? (result.stderr.trim() || `exit code ${String(result.status)}`)})`;
}

async function replaceFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // There is one already: of a run beside this one, in use already perhaps, or one that no longer starts.
    if ((await problemStarting(path.join(to, BINARY))) === undefined) return;
    console.error(`Replacing ${to}, whose worker does not start (${messageOf(error)}).`);
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}
