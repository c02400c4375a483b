/**
 * Parts that are started in order and stopped in reverse, and what signals do to them: the first lets the process
 * drain, a second one ends it at once. What another process of ours has started ends with that instead.
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

/** Says of an error that nobody handled that the process can go on. */
type IsHarmless = (error: unknown) => boolean;

/** What has a process end: it is handed what to do then. */
export type StopWhen = (stop: () => Promise<void>, logger: Logger, isHarmless?: IsHarmless) => void;

/**
 * Calls `stop` at the first signal; the process ends when it has resolved. A second signal ends the process at once.
 * An error that nobody handled ends it as well, after it was logged: the state of the process is unknown then.
 */
export const stopOnSignal: StopWhen = (stop, logger, isHarmless) => {
  let stopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stopping) {
        logger.warn({ signal }, 'stopped by force');
        process.exit(1);
      }
      stopping = true;
      logger.info({ signal }, 'stopping');
      endAfter(stop, logger);
    });
  }
  endOnMistake(logger, isHarmless);
};

/**
 * As `stopOnSignal`, for a process whose parent says when it is time, by closing the channel between them, or by dying.
 * Signals are for the parent: terminals and service managers send them to all processes, while those that the parent
 * drains are still needed.
 */
export const stopWithParent: StopWhen = (stop, logger, isHarmless) => {
  for (const signal of SIGNALS) process.on(signal, () => undefined);
  const parentGone = (): void => {
    logger.info('stopping');
    endAfter(stop, logger);
  };
  // It may have gone while this one started.
  if (process.connected) process.once('disconnect', parentGone);
  else parentGone();
  endOnMistake(logger, isHarmless);
};

/** Ends the process when it has stopped. */
export function endAfter(stop: () => Promise<void>, logger: Logger): void {
  stop().then(
    () => process.exit(),
    (error: unknown) => {
      logger.fatal({ err: error }, 'the process could not be stopped in order');
      process.exit(1);
    },
  );
}

function endOnMistake(logger: Logger, isHarmless: IsHarmless = () => false): void {
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
