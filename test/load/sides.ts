/** The systems that are compared, each as processes of its own. */
import { childrenOf, cpuMs, rssBytes } from '../helpers/process-tree.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { BareServer } from './bare/process.ts';
import { janusVersion } from './circumstances.ts';
import type { SideName } from './figures.ts';
import type { Target } from './generator/plan.ts';
import { JanusProcess } from './janus/process.ts';

export interface Side {
  readonly name: SideName;
  readonly target: Target;
  readonly pid: number;
  close: () => Promise<unknown>;
}

/** The server comes with its own process, for what it tells of itself. */
export interface ServerSide extends Side {
  readonly server: ServerProcess;
}

/** One worker, as the others have no more; all come from one address, which is no attack here. */
const SERVER_ENV = {
  WORKERS: '1',
  NODE_ENV: 'production',
  JOINS_PER_MINUTE: '100000',
  LOG_LEVEL: 'warn',
} as const;

/** @param env settings over those that comparisons need */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<ServerSide> {
  const server = await ServerProcess.start({ env: { ...SERVER_ENV, ...env } });
  return {
    name: 'server',
    target: { system: 'tertulia', url: server.url },
    pid: server.pid,
    server,
    close: () => server.close(),
  };
}

export async function startBare(): Promise<Side> {
  const bare = await BareServer.start();
  return {
    name: 'bare',
    target: { system: 'bare', url: bare.url },
    pid: bare.pid,
    close: () => bare.close(),
  };
}

/** None on a machine without Janus: what it would have been beside is told all the same. */
export async function startJanus(): Promise<Side[]> {
  if (janusVersion() === null) return [];
  const janus = await JanusProcess.start();
  return [
    {
      name: 'janus',
      target: { system: 'janus', url: janus.url },
      pid: janus.pid,
      close: () => janus.close(),
    },
  ];
}

/** Processor time of a process and all below it, in ms. */
export function treeCpuMs(pid: number): number {
  return pidsOf(pid).reduce((sum, each) => sum + cpuMs(each), 0);
}

/** Memory (RSS) of a process and all below it, in MiB. */
export function treeMiB(pid: number): number {
  return pidsOf(pid).reduce((sum, each) => sum + rssBytes(each), 0) / 2 ** 20;
}

function pidsOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).map((child) => child.pid)];
}
