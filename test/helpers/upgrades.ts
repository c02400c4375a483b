/** Servers that take over from each other: one folder and port for all of them, and two ranges of media ports. */
import { ServerProcess, freePorts } from './server-process.ts';

const WORKERS = 2;

export class Upgrades {
  #servers: ServerProcess[] = [];

  async first(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const rtcPortBase = await freePorts(2 * WORKERS);
    return this.#keep(
      await ServerProcess.start({
        env: { WORKERS: String(WORKERS), RTC_PORT_BASE: String(rtcPortBase), ...env },
      }),
    );
  }

  /** @throws Error when it does not come to serve */
  async next(from: ServerProcess, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    return this.#keep(await from.takenOver(env));
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    this.#servers = [];
  }

  #keep(server: ServerProcess): ServerProcess {
    this.#servers.push(server);
    return server;
  }
}
