import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * A hash over names and contents of files, and over other texts that the result depends on.
 *
 * @param root folder that the names are relative to, so that the hash is the same in every checkout
 * @param files absolute paths, in any order
 * @returns hexadecimal digits
 */
export async function hashOf(
  root: string,
  files: readonly string[],
  texts: readonly string[] = [],
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const content = await readFile(file);
    // The length keeps two files from hashing like one that holds both.
    hash.update(`${path.relative(root, file)}\0${String(content.length)}\0`).update(content);
  }
  for (const text of texts) hash.update(`${text}\0`);
  return hash.digest('hex');
}

/**
 * All files in a folder and its subfolders, as absolute paths.
 *
 * @param isSkipped says of a folder's or file's name that it doesn't count
 */
export async function filesIn(
  folder: string,
  isSkipped: (name: string) => boolean = () => false,
): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (isSkipped(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(full, isSkipped)));
    else found.push(full);
  }
  return found;
}
