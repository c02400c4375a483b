/** The log: JSON lines for programs, or lines for people; what is secret never gets into it. */
import { createRequire } from 'node:module';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { StartError } from './start-error.ts';

export interface LogOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `auto`: for people on a terminal, if the formatter is installed. */
  format: 'auto' | 'json' | 'pretty';
}

/** Keys that are never printed, wherever they are, down to the third level. */
const SECRET = [
  ...['token', 'password', 'secret', 'pin', 'credential', 'authorization'],
  ...['cookie', 'cookies', 'set-cookie', 'metricsToken'],
];
const SECRET_PATHS = SECRET.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]);

/**
 * The root of all loggers; others are made of it by `child`, with the room and participant they speak of.
 * @param onLine if given, gets each line as well, as JSON, and must not log itself
 * @param destination of JSON lines; the standard output if absent
 * @throws StartError when the format is `pretty` and the formatter is not installed
 */
export function createLogger(
  { level, format }: LogOptions,
  onLine?: (line: string) => void,
  destination?: DestinationStream,
): Logger {
  const streamWrite = (line: string): string => {
    onLine?.(line);
    return line;
  };
  const options = {
    level,
    base: null,
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
    hooks: { streamWrite },
  };
  const isForPeople = format === 'pretty' || (format === 'auto' && process.stdout.isTTY && hasPretty());
  if (!isForPeople) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  if (!hasPretty()) {
    throw new StartError('LOG_FORMAT: pretty needs the package pino-pretty, which is not installed here');
  }
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss.l' } },
  });
}

/** It is left out of small installations. */
function hasPretty(): boolean {
  try {
    createRequire(import.meta.url).resolve('pino-pretty');
    return true;
  } catch {
    return false;
  }
}
