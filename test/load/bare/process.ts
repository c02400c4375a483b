/** The bare server as a process of its own, with its page built. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, null>;

export class BareServer {
  readonly url: string;
  readonly #child: Child;
  readonly #folder: string;

  private constructor(child: Child, port: string, folder: string) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}/`;
    this.#folder = folder;
  }

  static async start(): Promise<BareServer> {
    const folder = await mkdtemp(join(tmpdir(), 'tertulia-bare-'));
    await build({
      root: here('.'),
      base: './',
      configFile: false,
      logLevel: 'warn',
      build: { outDir: folder, assetsDir: '', emptyOutDir: true, target: 'es2023', modulePreload: false },
    });
    const child = spawn(process.execPath, [here('server.ts'), folder], {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return new BareServer(child, port.toString().trim(), folder);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit');
    // mediasoup takes signals for itself.
    this.#child.stdin.end();
    await exit;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
