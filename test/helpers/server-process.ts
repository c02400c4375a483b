/** The whole server as `npm start` runs it, in a process of its own, with a folder of its own. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { createServer } from 'node:net';
import type { Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NODE_FLAGS } from '../../server/setup/node-flags.ts';
import { ROOT, SERVER_MAIN } from './paths.ts';
import { childrenOf } from './process-tree.ts';
import { sleep } from './wait.ts';

const WORKERS = 2;
/** Longer than any start on a busy machine, in ms. */
const START_TIMEOUT_MS = 90_000;
/** A graceful stop that takes longer is none, in ms. */
const STOP_TIMEOUT_MS = 10_000;

/** What a server prints once it serves. */
const ANNOUNCED = 'Tertulia is open at';

const running = new Set<ChildProcess>();
// A run that is interrupted leaves no server behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ServerOptions {
  /** Settings, over those that tests need. */
  env?: Readonly<Record<string, string>>;
  /** The web port; any free one if absent. */
  port?: number;
}

export class ServerProcess {
  readonly port: number;
  /** Media ports, one a worker. */
  readonly rtcPorts: readonly number[];
  readonly #env: Readonly<Record<string, string>>;
  readonly dataDir: string;
  #child: ChildProcess | null = null;
  #log = '';

  private constructor(
    port: number,
    rtcPorts: readonly number[],
    dataDir: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.port = port;
    this.rtcPorts = rtcPorts;
    this.dataDir = dataDir;
    this.#env = env;
  }

  /** Resolves when the server is ready for participants. */
  static async start({ env = {}, port }: ServerOptions = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'tertulia-data-'));
    const workers = Number(env['WORKERS'] ?? WORKERS);
    const rtcPortBase = Number(env['RTC_PORT_BASE'] ?? (await freePorts(workers)));
    const server = new ServerProcess(
      port ?? (await freePorts()),
      Array.from({ length: workers }, (_, i) => rtcPortBase + i),
      dataDir,
      { ...env, RTC_PORT_BASE: String(rtcPortBase) },
    );
    await server.run();
    return server;
  }

  /** The start page, with a slash at its end. */
  get url(): string {
    const isSecure = this.#env['TLS_SELF_SIGNED'] === 'true' || this.#env['TLS_CERT'] !== undefined;
    const scheme = isSecure ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${this.port}/`;
  }

  /** What the server has logged, on both its outputs, over all its runs. */
  get log(): string {
    return this.#log;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('The server does not run.');
    return pid;
  }

  /** The process ids of the media workers, in the order of their ports as long as none was replaced. */
  workers(): number[] {
    return childrenOf(this.pid)
      .filter(({ command }) => command.includes('mediasoup-worker'))
      .map(({ pid }) => pid)
      .sort((a, b) => a - b);
  }

  /**
   * Starts another process on the same port and folder, which takes over.
   * @param env settings, over those of this process
   * @throws Error when it does not come to serve
   */
  async takenOver(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const successor = new ServerProcess(this.port, this.rtcPorts, this.dataDir, {
      ...this.#env,
      TAKE_OVER_SECONDS: '3600',
      ...env,
    });
    await successor.run();
    return successor;
  }

  /** Resolves when the process has ended by itself. @returns its exit code; null when a signal ended it */
  async ended(): Promise<number | null> {
    const child = this.#child;
    if (!child) throw new Error('The server does not run.');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  /** Starts it again after `stop` or `kill`, with the same ports and folder. */
  async run(): Promise<void> {
    const child = spawn(process.execPath, [...NODE_FLAGS, SERVER_MAIN], {
      cwd: ROOT,
      env: this.#settings,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const before = this.#log.length;
    const keep = (chunk: Buffer): void => {
      this.#log += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    running.add(child);
    child.on('exit', () => running.delete(child));
    this.#child = child;
    const deadline = performance.now() + START_TIMEOUT_MS;
    // Another process may answer until this one has taken over.
    while (!this.#log.includes(ANNOUNCED, before) || !(await this.#isReady())) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`The server did not start (exit code ${child.exitCode ?? 'none'}):\n${this.#log}`);
      }
      await sleep(25);
    }
  }

  /** Runs a command on its folder, whether it runs or not. @returns what that printed. @throws Error when it failed */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [SERVER_MAIN, ...args], {
      cwd: ROOT,
      env: this.#settings,
    });
    return stdout;
  }

  get #settings(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      MEDIASOUP_WORKER_BIN: process.env['MEDIASOUP_WORKER_BIN'],
      HOST: '127.0.0.1',
      PORT: String(this.port),
      RTC_LISTEN: '127.0.0.1',
      WORKERS: String(WORKERS),
      DATA_DIR: this.dataDir,
      DRAIN_SECONDS: '0',
      LOG_FORMAT: 'json',
      ...this.#env,
    };
  }

  #isReady(): Promise<boolean> {
    const url = new URL('health/ready', this.url);
    return new Promise((resolve) => {
      const answered = (response: IncomingMessage): void => {
        response.resume();
        resolve(response.statusCode === 200);
      };
      const request =
        url.protocol === 'https:'
          ? getSecurely(url, { rejectUnauthorized: false }, answered)
          : get(url, answered);
      request.on('error', () => resolve(false));
    });
  }

  /** Asks it to stop. @returns its exit code; null when it had to be killed */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    this.#child = null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(timer);
    return child.exitCode;
  }

  /** Takes the power away. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Stops it, and removes its folder. */
  async close(): Promise<number | null> {
    const code = await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
    return code;
  }

  /** The values of one metric, by its labels as Prometheus writes them; without labels the key is empty. */
  async metric(name: string): Promise<Map<string, number>> {
    const text = await (await fetch(new URL('metrics', this.url))).text();
    const values = new Map<string, number>();
    for (const [, labels = '', value] of text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm')))
      values.set(labels, Number(value));
    return values;
  }
}

/**
 * Where ports are looked for: above those that Linux gives to whoever asks for any (up to 60,999), and those of which
 * media workers take any (10,000 to 59,999). Whoever is given one here finds it still free some seconds later.
 */
const FIRST_PORT = 61_000;
/** As long as no more test files run at once, none looks where another does. */
const PORTS_OF_A_FILE = 2_250;
const SHARES = 2;

const firstOfFile = FIRST_PORT + (Number(process.env['VITEST_POOL_ID'] ?? 0) % SHARES) * PORTS_OF_A_FILE;
let nextPort = Math.floor(Math.random() * PORTS_OF_A_FILE);

/**
 * As many ports in a row as are free at the moment, for UDP and for TCP. They are given again only when all others
 * have been: whoever asked may take them late, as rtpengine does when a call comes.
 * @returns the first of them
 */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    if (nextPort + count > PORTS_OF_A_FILE) nextPort = 0;
    const first = firstOfFile + nextPort;
    nextPort += count;
    if (await areFree(first, count)) return first;
  }
}

/** Whether nobody has any of these ports in a row at the moment, for UDP and for TCP. */
export async function areFree(first: number, count: number): Promise<boolean> {
  const ports = Array.from({ length: count }, (_, i) => first + i);
  const free = await Promise.all(
    ports.flatMap((port) => [isFree(createServer(), port), isFree(createSocket('udp4'), port)]),
  );
  return free.every(Boolean);
}

async function isFree(taker: NetServer | UdpSocket, port: number): Promise<boolean> {
  const taken = once(taker, 'listening').then(
    () => true,
    () => false,
  );
  if ('bind' in taker) taker.bind(port, '0.0.0.0');
  else taker.listen(port, '0.0.0.0');
  if (!(await taken)) return false;
  taker.close();
  await once(taker, 'close');
  return true;
}
