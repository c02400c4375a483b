import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { SetupError, messageOf } from './errors.ts';

export type RunOptions = {
  cwd?: string;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Gets each line that the command writes, to either output or to its status descriptor. */
  onLine?: (line: string) => void;
  /** Opens descriptor 3 for the command to write its status to. */
  hasStatusFd?: boolean;
};

/** How much of a failed command's output is shown. */
const SHOWN_LINES = 40;

const running = new Set<ChildProcess>();

/** Runs a command to its end, and throws a SetupError with the end of its output if it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  const child = start(command, args, options, [
    'ignore',
    'pipe',
    'pipe',
    options.hasStatusFd ? 'pipe' : 'ignore',
  ]);
  const tail: string[] = [];
  for (const stream of child.stdio.slice(1)) {
    if (!(stream instanceof Readable)) continue;
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > SHOWN_LINES) tail.shift();
      options.onLine?.(line);
    });
  }
  const end = await ended(child);
  if (end !== 0)
    throw new SetupError(`${tail.join('\n')}\n\n'${[command, ...args].join(' ')}' failed (${String(end)}).`);
}

/** Runs a command with our outputs as its own; returns its exit code, 1 if a signal ended it. */
export async function runVisibly(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const end = await ended(start(command, args, options, ['ignore', 'inherit', 'inherit']));
  return typeof end === 'number' ? end : 1;
}

/**
 * Makes SIGINT, SIGTERM and SIGHUP stop the commands that are running, then us; without it, a build would go on
 * after set-up has been stopped, as we have a process group of our own.
 */
export function stopCommandsOnSignal(): void {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      process.exit(128 + numbers[signal]);
    });
  }
}

function start(
  command: string,
  args: readonly string[],
  options: RunOptions,
  stdio: ('ignore' | 'pipe' | 'inherit')[],
): ChildProcess {
  const child = spawn(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.env },
    stdio,
  });
  running.add(child);
  return child;
}

async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => {
        reject(new SetupError(`Can't run '${child.spawnfile}': ${messageOf(error)}`));
      });
      child.once('close', (code, signal) => {
        resolve(code ?? signal ?? 1);
      });
    });
  } finally {
    running.delete(child);
  }
}
