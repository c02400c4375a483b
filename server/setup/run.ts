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
  /** Opens `STATUS_FD` for the command to write its status to. */
  hasStatusFd?: boolean;
};

/** Where a command writes its status, for programs to read. */
const STATUS_FD = 3;

/** How much of a failed command's output is shown. */
const SHOWN_LINES = 40;

const STOP_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof STOP_SIGNALS;

const running = new Set<ChildProcess>();
let interruption: Interrupted | undefined;

/** Runs a command to its end, and throws a SetupError with the end of its output if it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  const child = start(command, args, options, [
    'ignore',
    'pipe',
    'pipe',
    options.hasStatusFd ? 'pipe' : 'ignore',
  ]);
  const tail: string[] = [];
  for (const [descriptor, stream] of child.stdio.entries()) {
    if (!(stream instanceof Readable)) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (descriptor !== STATUS_FD) tail.push(line);
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

/** Thrown instead of a command's result when a signal has told us to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** As a shell tells it: 128 and the signal's number. */
  readonly exitCode: number;

  constructor(signal: StopSignal) {
    super(`Stopped by ${signal}.`);
    this.exitCode = 128 + STOP_SIGNALS[signal];
  }
}

/**
 * Makes SIGINT, SIGTERM and SIGHUP stop the commands that are running, as they are not in the terminal's process group.
 * What waits for them gets `Interrupted` and can clean up. A second signal ends this process at once.
 */
export function stopCommandsOnSignal(): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const isRepeated = interruption !== undefined;
      interruption ??= new Interrupted(signal);
      for (const child of running) child.kill(signal);
      if (isRepeated || running.size === 0) process.exit(interruption.exitCode);
    });
  }
}

function start(
  command: string,
  args: readonly string[],
  options: RunOptions,
  stdio: ('ignore' | 'pipe' | 'inherit')[],
): ChildProcess {
  if (interruption) throw interruption;
  const child = spawn(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.env },
    stdio,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const end = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(child);
      reject(new SetupError(`Can't run '${child.spawnfile}': ${messageOf(error)}`));
    });
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
  if (interruption) throw interruption;
  return end;
}
