/** The generator as those see it who measure: a process of its own, whose processor time is nobody else's. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Plan, Target } from './plan.ts';
import type { Answer, Entry, Question, RequestName, Requests } from './protocol.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

export class Generator {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.on('exit', (code) => {
      for (const [id, answered] of this.#waiting) answered({ id, error: `The generator ended (${code}).` });
      this.#waiting.clear();
    });
  }

  static async start(): Promise<Generator> {
    const child = fork(MAIN, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'spawn');
    return new Generator(child);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** @throws Error with what went wrong in the generator */
  async ask<N extends RequestName>(name: N, request: Requests[N]['request']): Promise<Requests[N]['answer']> {
    const id = (this.#asked += 1);
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, name, request } satisfies Question);
    });
    if ('error' in answer) throw new Error(`${name}: ${answer.error}`);
    return answer.value;
  }

  /** Lets participants in, all of them. @throws Error when one could not */
  async join(target: Target, plans: Plan[], spacingMs = 20): Promise<Entry[]> {
    const { entered, failed } = await this.ask('join', { target, plans, spacingMs });
    if (failed.length > 0) throw new Error(`${failed.length} could not join, one because: ${failed[0]}`);
    return entered;
  }

  /** Stops the process, so that what comes for its participants costs nothing but its sending; asks nothing until `thaw`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
