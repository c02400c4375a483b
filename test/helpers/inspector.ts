/** Asks another Node process what it holds, by its inspector (Chrome DevTools Protocol). */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Setting of a process that can be asked; it says on its standard error where. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' } as const;

interface Reply {
  id?: number;
  result?: { result?: { value?: unknown } };
  error?: { message: string };
}

export class Inspector {
  readonly #socket: WebSocket;
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param log what the process has printed. @throws Error when it cannot be inspected */
  static async connect(log: string): Promise<Inspector> {
    const url = /^Debugger listening on (ws:\S+)/m.exec(log)?.[1];
    if (url === undefined) throw new Error('The process cannot be inspected.');
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  /** @returns what is in use on the heap after all garbage is collected, in bytes */
  async heapInUse(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage', {});
    const reply = await this.#ask('Runtime.evaluate', { expression: 'process.memoryUsage().heapUsed' });
    return Number(reply.result?.result?.value);
  }

  close(): void {
    this.#socket.terminate();
  }

  async #ask(method: string, params: object): Promise<Reply> {
    const id = (this.#asked += 1);
    const answered = new Promise<Reply>((resolve) => {
      const take = (data: Buffer): void => {
        const reply = JSON.parse(data.toString()) as Reply;
        if (reply.id !== id) return;
        this.#socket.off('message', take);
        resolve(reply);
      };
      this.#socket.on('message', take);
    });
    this.#socket.send(JSON.stringify({ id, method, params }));
    const reply = await answered;
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply;
  }
}
