/** Debian's Janus as a process of its own with the plugins that are compared and nothing else. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { freePorts } from '../../helpers/server-process.ts';
import { sleep } from '../../helpers/wait.ts';

const START_TIMEOUT_MS = 20_000;
/** Plugins that are there and would take a part in what is measured. */
const PLUGINS = [
  'duktape',
  'echotest',
  'lua',
  'nosip',
  'recordplay',
  'sip',
  'streaming',
  'textroom',
] as const;
const TRANSPORTS = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'] as const;

const libraries = (names: readonly string[]): string => names.map((name) => `libjanus_${name}.so`).join(',');

export class JanusProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.#child = child;
    this.url = `ws://127.0.0.1:${port}`;
    this.#folder = folder;
  }

  /** @throws Error when there is no Janus on this machine */
  static async start(): Promise<JanusProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'tertulia-janus-'));
    const port = await freePorts();
    const settings = join(folder, 'janus.jcfg');
    await writeFile(
      settings,
      `general: { configs_folder = "${folder}"; debug_level = 2 }
plugins: { disable = "${libraries(PLUGINS)}" }
transports: { disable = "${libraries(TRANSPORTS)}" }
`,
    );
    await writeFile(
      join(folder, 'janus.transport.websockets.jcfg'),
      `general: { json = "compact"; ws = true; ws_port = ${port}; ws_ip = "127.0.0.1" }\n`,
    );
    await writeFile(join(folder, 'janus.plugin.audiobridge.jcfg'), 'general: { local_ip = "127.0.0.1" }\n');
    const child = spawn('janus', ['-F', folder, '-C', settings], { stdio: 'ignore' });
    // A run that fails leaves no Janus behind.
    const kill = (): void => void child.kill('SIGKILL');
    process.on('exit', kill);
    child.on('exit', () => process.off('exit', kill));
    await once(child, 'spawn');
    const janus = new JanusProcess(child, port, folder);
    await janus.#ready();
    return janus;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exit;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!(await isListening(this.url))) {
      if (this.#child.exitCode !== null || performance.now() > deadline)
        throw new Error('Janus did not start.');
      await sleep(50);
    }
  }
}

async function isListening(url: string): Promise<boolean> {
  const socket = new WebSocket(url, 'janus-protocol');
  try {
    await once(socket, 'open');
    return true;
  } catch {
    // Nobody listens yet.
    return false;
  } finally {
    socket.terminate();
  }
}
