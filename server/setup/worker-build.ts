import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PATCHES, type Patch } from '../../worker-config/mediasoup-worker/patches.ts';
import { SetupError } from './errors.ts';
import { ensurePackages } from './packages.ts';
import { inRoot } from './paths.ts';
import { ninjaProgress, withProgress } from './progress.ts';
import { run } from './run.ts';

/** The folder of what we change in the worker's source before we build it. */
export const RECIPE = inRoot('worker-config/mediasoup-worker');

/**
 * Builds the worker from the source in mediasoup's npm package, against the system's libraries. Takes four to five
 * minutes on two processors. Installs Debian packages if it may.
 *
 * @param folder where to build; it must be empty or hold nothing of these names
 * @returns path of the binary
 */
export async function buildWorker(folder: string): Promise<string> {
  await ensurePackages('workerBuild');

  const source = path.join(folder, 'source');
  await cp(inRoot('node_modules/mediasoup/worker'), source, { recursive: true });
  // mediasoup's subprojects are recipes to download libraries; ours hand out the system's.
  await rm(path.join(source, 'subprojects'), { recursive: true });
  await cp(path.join(RECIPE, 'subprojects'), path.join(source, 'subprojects'), { recursive: true });
  for (const patch of PATCHES) {
    const file = path.join(source, patch.file);
    await writeFile(file, applyPatch(await readFile(file, 'utf8'), patch));
  }

  const build = path.join(folder, 'build');
  const target = 'mediasoup-worker';
  await withProgress('Building the mediasoup worker', async (progress) => {
    const options = ['--buildtype=release', '-Db_ndebug=true', '--wrap-mode=nodownload'];
    await run('meson', ['setup', build, source, ...options]);
    await run('ninja', ['-C', build, '-j', String(os.availableParallelism()), target], {
      onLine: (line) => {
        const step = ninjaProgress(line);
        if (step !== undefined) progress.update(step);
      },
    });
  });
  return path.join(build, target);
}

/**
 * Replaces what a patch names. Throws unless that is there exactly once: a worker built without a patch would crash
 * later, at the first call.
 */
export function applyPatch(text: string, patch: Patch): string {
  const count = text.split(patch.find).length - 1;
  if (count !== 1) {
    throw new SetupError(
      `The recipe in worker-config/mediasoup-worker does not fit this mediasoup: ${patch.file} has ` +
        `'${patch.find}' ${String(count)} times instead of once. It is replaced because: ${patch.why}`,
    );
  }
  return text.replace(patch.find, () => patch.replace);
}
