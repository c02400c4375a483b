// What set-up needs to know before a suitable Node is there: plain JavaScript, without dependencies, for any Node
// from 18 up. Types for the rest of set-up are in runtime.d.mts.

import path from 'node:path';

/** The Node that is installed when the one at hand does not suit: a version of the npm package `node`. */
export const NODE_VERSION = '24.21.0';

/**
 * Says whether a Node can run Tertulia. It must strip types by itself (22.18), and be a line that mediasoup and
 * vitest support: 22, 24, or 26 and up; odd lines are not maintained long enough.
 *
 * @param {string} version such as `24.1.0`, with or without a leading `v`
 */
export function isSuitableNode(version) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (!match) return false;
  const major = Number(match[1]);
  const minor = Number(match[2]);
  return (major === 22 && minor >= 18) || (major >= 24 && major % 2 === 0);
}

/**
 * The folder for what set-up makes once a machine: a Node, mediasoup workers. Outside the tree, so that a fresh
 * checkout finds them.
 *
 * @param {Record<string, string | undefined>} env
 * @param {string} home the user's home folder
 */
export function cacheFolder(env, home) {
  const base = env['XDG_CACHE_HOME'];
  // The XDG specification says to ignore a relative path.
  return path.join(base && path.isAbsolute(base) ? base : path.join(home, '.cache'), 'tertulia');
}

/**
 * Says whether node_modules holds what the lock file asks for, by the lock file that npm leaves in node_modules when
 * an installation has ended well. Packages installed besides don't matter.
 *
 * @param {string} lockText content of package-lock.json
 * @param {string | undefined} installedText content of node_modules/.package-lock.json, undefined if there is none
 */
export function isInstalled(lockText, installedText) {
  if (installedText === undefined) return false;
  const wanted = JSON.parse(lockText).packages;
  const installed = JSON.parse(installedText).packages;
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '') return true;
    const found = installed[folder];
    // npm leaves out optional packages that are for other platforms.
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * Returns a filter that says whether to pass a signal on. Ctrl-C in a terminal reaches us twice, from the terminal
 * and from npm; passed on twice, it would turn a graceful stop into a forced one.
 *
 * @param {number} windowMs a repetition of a signal within this many milliseconds is taken for the same one
 * @returns {(signal: string, nowMs: number) => boolean}
 */
export function signalFilter(windowMs) {
  const seenMs = new Map();
  return (signal, nowMs) => {
    const lastMs = seenMs.get(signal);
    if (lastMs !== undefined && nowMs - lastMs < windowMs) return false;
    seenMs.set(signal, nowMs);
    return true;
  };
}
