import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CACHE } from './paths.ts';

/** Folders of makers that were killed are removed after this long; a living one is younger. */
const LEFTOVER_AGE_MS = 24 * 3600_000;

/**
 * Makes something for the cache in a folder of its own there, from which it can be moved to its place in one step, so
 * that it is there as a whole or not at all. The folder is removed in the end.
 *
 * @param what a word for it, of which the folder's name is made
 */
export async function makeForCache<T>(what: string, make: (folder: string) => Promise<T>): Promise<T> {
  const prefix = `making-${what}-`;
  await removeLeftovers(prefix);
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, prefix));
  try {
    return await make(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeLeftovers(prefix: string): Promise<void> {
  const names = await readdir(CACHE).catch(() => []);
  for (const name of names.filter((entry) => entry.startsWith(prefix))) {
    const folder = path.join(CACHE, name);
    const info = await stat(folder).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > LEFTOVER_AGE_MS)
      await rm(folder, { recursive: true, force: true });
  }
}
