import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from './runtime.mjs';

/** The checkout. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** What set-up makes once a machine, see `cacheFolder`. */
export const CACHE = cacheFolder(process.env, os.homedir());

/** A path inside the checkout. */
export function inRoot(...parts: string[]): string {
  return path.join(ROOT, ...parts);
}
