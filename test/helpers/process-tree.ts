/** Processes as Linux tells of them in /proc. */
import { readFileSync, readdirSync } from 'node:fs';

export interface ProcessInfo {
  pid: number;
  parent: number;
  command: string;
}

/** All processes below one, children of children too. */
export function childrenOf(pid: number): ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => infoOf(Number(name)) ?? []);
  const below: ProcessInfo[] = [];
  for (const parents = [pid]; parents.length > 0;) {
    const parent = parents.shift();
    for (const info of all.filter((candidate) => candidate.parent === parent)) {
      below.push(info);
      parents.push(info.pid);
    }
  }
  return below;
}

/** The process id of the media process of a bridge in this process; null while there is none. */
export function mediaProcess(): number | null {
  const child = childrenOf(process.pid).find(({ command }) => command.includes('bridge/media/main.ts'));
  return child?.pid ?? null;
}

/** Whether there is such a process; one that only waits to be buried is none. */
export function isRunning(pid: number): boolean {
  const fields = statFields(pid);
  return fields !== null && fields[0] !== 'Z';
}

/** Time that a process has spent on processors, its own and the kernel's for it, in ms. */
export function cpuMs(pid: number): number {
  const fields = statFields(pid);
  // utime and stime, in ticks of 10 ms on every Linux that there is.
  return fields ? (Number(fields[11]) + Number(fields[12])) * 10 : 0;
}

/** Memory that a process holds in RAM, shared pages divided among those who share them, in bytes. */
export function memoryBytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) * 1_024;
}

/** Memory that a process holds in RAM, shared or not, in bytes. */
export function rssBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1_024;
}

function infoOf(pid: number): ProcessInfo | null {
  const fields = statFields(pid);
  if (!fields) return null;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(fields[1]), command };
  } catch {
    return null;
  }
}

/** What follows the name in /proc/PID/stat, from the state on; null when the process is gone. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses, and may have any character in it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
