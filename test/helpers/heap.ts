/** What this process really holds: garbage that has not been collected yet says nothing of a leak. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** @returns what is in use on the heap after all garbage is collected, in bytes */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}
