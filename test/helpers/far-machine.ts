/** A machine of its own, as far as the network goes: a network namespace at the other end of a cable. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** From the block for documentation (RFC 5737), which nobody has. */
const HERE = '203.0.113.1';
const THERE = '203.0.113.2';
/** As of the cable, in the machine. */
const CABLE_END = 'cable';

const ip = (...args: string[]): void => void execFileSync('ip', args);

export class FarMachine {
  /** By which it reaches this one. */
  readonly addressHere = HERE;
  readonly #name: string;
  readonly #cable: string;
  readonly #processes: ChildProcess[] = [];

  private constructor(name: string) {
    this.#name = name;
    this.#cable = name;
  }

  /** @returns null without the rights to have one */
  static open(): FarMachine | null {
    if (process.getuid?.() !== 0) return null;
    const machine = new FarMachine(`tt${process.pid}`);
    ip('netns', 'add', machine.#name);
    ip('link', 'add', machine.#cable, 'type', 'veth', 'peer', 'name', CABLE_END, 'netns', machine.#name);
    ip('address', 'add', `${HERE}/30`, 'dev', machine.#cable);
    ip('link', 'set', machine.#cable, 'up');
    ip('-n', machine.#name, 'address', 'add', `${THERE}/30`, 'dev', CABLE_END);
    ip('-n', machine.#name, 'link', 'set', CABLE_END, 'up');
    return machine;
  }

  /** Runs a script of ours there. @returns the first line that it prints */
  async run(script: string, ...args: string[]): Promise<string> {
    const command = ['netns', 'exec', this.#name, process.execPath, script, ...args];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#processes.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return line.toString().trim();
  }

  /** Pulls the cable: nothing comes or goes any more, and nobody is told. */
  unplug(): void {
    ip('-n', this.#name, 'link', 'set', CABLE_END, 'down');
  }

  close(): void {
    for (const child of this.#processes) child.kill('SIGKILL');
    ip('netns', 'delete', this.#name);
  }
}
