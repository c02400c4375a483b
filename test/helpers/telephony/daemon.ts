/** A program that runs beside a test: started with a folder of its own, ended with all its children. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { sleep } from '../wait.ts';

/** Longer than any start on a busy machine, in ms. */
const START_TIMEOUT_MS = 45_000;
/** Asked to end, a program may take this long before it is killed, in ms. */
const STOP_TIMEOUT_MS = 5_000;

const running = new Set<Daemon>();
// A run that is interrupted leaves nothing behind.
process.on('exit', () => {
  for (const daemon of running) daemon.signal('SIGKILL');
});

export interface DaemonOptions {
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** True when it does its work; asked again and again. */
  isReady: (log: string) => boolean | Promise<boolean>;
}

export class Daemon {
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#log += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    running.add(this);
    child.on('exit', () => running.delete(this));
  }

  /** Resolves when it is ready. @throws Error with what it printed when it is not in time */
  static async start({ command, args, cwd, env, isReady }: DaemonOptions): Promise<Daemon> {
    const child = spawn(command, args, {
      // A group of its own, so that a signal reaches its children too.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    const daemon = new Daemon(child);
    const failures: Error[] = [];
    child.on('error', (error) => failures.push(error));
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!(await isReady(daemon.#log))) {
      if (failures.length > 0 || daemon.hasEnded || performance.now() > deadline) {
        daemon.signal('SIGKILL');
        throw new Error(
          `${command} did not start (${String(failures[0] ?? child.exitCode)}):\n${daemon.#log}`,
        );
      }
      await sleep(25);
    }
    return daemon;
  }

  /** What it has printed, on both its outputs. */
  get log(): string {
    return this.#log;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.hasEnded) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }

  /** Waits for its end. @returns the exit code, null after a signal */
  async ended(): Promise<number | null> {
    if (!this.hasEnded) await once(this.#child, 'exit');
    return this.exitCode;
  }

  /** Ends it, by force if it takes long. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended();
    clearTimeout(timer);
  }
}
