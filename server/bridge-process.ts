/** The bridge that runs beside the server: started with it, started again when it dies, stopped before it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';

const MAIN = fileURLToPath(new URL('bridge/beside-server.ts', import.meta.url));

/** Pauses before a bridge that has died is started again, in ms: the first, and the longest. */
const AGAIN_FIRST_MS = 500;
const AGAIN_LONGEST_MS = 30_000;
/** A bridge that ran for so long, in ms, was well: the next pause is the first again. */
const WELL_MS = 60_000;
/**
 * How long callers may go on when the bridge is told to stop, in s. By then the server has drained and ended its rooms:
 * who is left is being told so, and the longest of these prompts is to be heard to its end.
 */
const FAREWELL_SECONDS = 6;
/** A bridge that has not ended by then is killed, in ms after it was told to. Has to hold the farewells, and the BYEs. */
const KILL_AFTER_MS = 12_000;

export interface BridgeProcessOptions {
  /** File with its settings. */
  config: string;
  /** Where it finds the server, and with what it proves itself. */
  serverUrl: string;
  secret: string;
  logLevel: string;
  /** Folder of Node's compile cache, as the server has it: without one, what strips the types takes 17 MiB in each process. */
  compileCache: string | undefined;
}

export class BridgeProcess {
  readonly #options: BridgeProcessOptions;
  readonly #logger: Logger;
  #child: ChildProcess | null = null;
  #again: NodeJS.Timeout | null = null;
  #pauseMs = AGAIN_FIRST_MS;
  #stopped = false;

  constructor(options: BridgeProcessOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    this.#start();
  }

  /** Resolves when it has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#again) clearTimeout(this.#again);
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await ended;
    clearTimeout(kill);
  }

  #start(): void {
    const { config, serverUrl, secret, logLevel, compileCache } = this.#options;
    const startedAt = performance.now();
    // Nothing else of the environment: what is set there is meant for the server.
    const env = {
      ...{ SERVER_URL: serverUrl, BRIDGE_SECRET: secret, LOG_LEVEL: logLevel },
      DRAIN_SECONDS: String(FAREWELL_SECONDS),
      ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
    };
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, [...process.execArgv, MAIN, '--config', config], {
        env,
        // It ends when this channel is closed, also by the death of this process.
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
    } catch (err) {
      // Some of what the machine lacks is thrown, as memory, and some is told later, as descriptors.
      this.#logger.error({ err }, 'the bridge could not be started');
      this.#startLater();
      return;
    }
    this.#child = child;
    if (child.pid !== undefined) this.#logger.info({ pid: child.pid }, 'the bridge was started');
    child.once('error', (err) => {
      this.#logger.error({ err }, 'the bridge could not be started');
      // There is no end of what has never run.
      if (child.pid === undefined) this.#startLater();
    });
    child.once('exit', (code, signal) => {
      if (performance.now() - startedAt > WELL_MS) this.#pauseMs = AGAIN_FIRST_MS;
      if (!this.#stopped) this.#logger.error({ code, signal }, 'the bridge has ended');
      this.#startLater();
    });
  }

  #startLater(): void {
    if (this.#stopped) return;
    this.#again = setTimeout(() => this.#start(), this.#pauseMs);
    this.#logger.info({ inMs: this.#pauseMs }, 'the bridge is started again');
    this.#pauseMs = Math.min(2 * this.#pauseMs, AGAIN_LONGEST_MS);
  }
}
