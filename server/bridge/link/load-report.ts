/** Tells the server, every few seconds, how much this bridge has to do. */
import type { Logger } from 'pino';
import type { Bridge } from '../bridge.ts';
import type { MediaThread } from '../media/media-thread.ts';
import { type ServerSocket } from './server-socket.ts';

export interface LoadReportParts {
  thread: MediaThread;
  /** The one that takes new callers. */
  server: () => ServerSocket;
  logger: Logger;
}

/** Shorter: figures are newer. Longer: fewer messages. In ms. */
const EVERY_MS = 5_000;

export class LoadReport {
  readonly #parts: LoadReportParts;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: LoadReportParts) {
    this.#parts = parts;
  }

  start(bridge: Pick<Bridge, 'state'>): void {
    this.#timer = setInterval(() => void this.#tell(bridge), EVERY_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Never rejects. */
  async #tell({ state: { refusing } }: Pick<Bridge, 'state'>): Promise<void> {
    const { thread, logger } = this.#parts;
    const server = this.#parts.server();
    if (!server.connected) return;
    try {
      const { cpu, latenessP50Ms, latenessP99Ms } = await thread.request('stats', {});
      await server.ask('load', { cpu, latenessP50Ms, latenessP99Ms, refusing });
    } catch (err) {
      logger.debug({ err }, 'the server was not told how much there is to do');
    }
  }
}
