/**
 * Parts that are started in order and stopped in reverse, and what signals do to them: the first lets the process
 * drain, a second one ends it at once.
 */
import type { Logger } from 'pino';

export interface Lifecycle {
  /** Notes how to undo what has just been done. */
  onStop(name: string, stop: () => Promise<void> | void): void;
  /** Undoes everything, the last thing first. A part that cannot be stopped keeps none of the others from it. */
  stop(): Promise<void>;
}

export function createLifecycle(logger: Logger): Lifecycle {
  const parts: { name: string; stop: () => Promise<void> | void }[] = [];
  return {
    onStop: (name, stop) => void parts.push({ name, stop }),
    async stop() {
      for (let part = parts.pop(); part; part = parts.pop()) {
        try {
          await part.stop();
          logger.debug({ part: part.name }, 'stopped');
        } catch (error) {
          logger.error({ err: error, part: part.name }, 'could not be stopped');
          process.exitCode = 1;
        }
      }
    },
  };
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Calls `stop` at the first signal; the process ends when it has resolved. A second signal ends the process at once.
 * An error that nobody handled ends it as well, after it was logged: the state of the process is unknown then.
 *
 * @param isHarmless says of such an error that the process can go on
 */
export function stopOnSignal(
  stop: (signal: NodeJS.Signals) => Promise<void>,
  logger: Logger,
  isHarmless: (error: unknown) => boolean = () => false,
): void {
  let stopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stopping) {
        logger.warn({ signal }, 'stopped by force');
        process.exit(1);
      }
      stopping = true;
      logger.info({ signal }, 'stopping');
      stop(signal).then(
        () => process.exit(),
        (error: unknown) => {
          logger.fatal({ err: error }, 'the server could not be stopped');
          process.exit(1);
        },
      );
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (isHarmless(error)) {
        logger.error({ err: error }, 'a mistake that nobody handled, and that others do not suffer from');
        return;
      }
      logger.fatal({ err: error }, 'a mistake that nobody handled');
      process.exit(1);
    });
  }
}
