/** How long `npm start` takes where everything is set up already, until the server is ready for participants. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../helpers/paths.ts';
import { childrenOf, rssBytes } from '../helpers/process-tree.ts';
import { freePorts } from '../helpers/server-process.ts';
import { sleep } from '../helpers/wait.ts';
import type { Comparison } from './figures.ts';

const STARTS = 5;
const MIB = 1_024 * 1_024;

export async function measureStart(): Promise<Comparison> {
  const starts: { ms: number; mib: number }[] = [];
  for (let i = 0; i < STARTS; i += 1) starts.push(await start());
  const times = starts.map(({ ms }) => ms);
  const sizes = starts.map(({ mib }) => mib);
  return {
    title: '`npm start`, everything being set up',
    rows: [
      { what: 'until it is ready', unit: 'ms', values: { server: times } },
      { what: 'RSS with npm and what set it up', unit: 'MiB', values: { server: sizes } },
    ],
  };
}

async function start(): Promise<{ ms: number; mib: number }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tertulia-start-'));
  const port = await freePorts();
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), RTC_PORT_BASE: '0', DATA_DIR: dataDir },
    stdio: 'ignore',
  });
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`);
      await sleep(10);
    }
    const ms = performance.now() - startedAt;
    const pids = [child.pid!, ...childrenOf(child.pid!).map(({ pid }) => pid)];
    return { ms, mib: pids.reduce((sum, pid) => sum + rssBytes(pid), 0) / MIB };
  } finally {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
