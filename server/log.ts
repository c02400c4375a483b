/** The log: JSON lines for programs, or lines for people; what is secret never gets into it. */
import { createRequire } from 'node:module';
import { pino } from 'pino';
import type { Logger } from 'pino';

export interface LogOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `auto`: for people on a terminal, if the formatter is installed. */
  format: 'auto' | 'json' | 'pretty';
}

/** Keys that are never printed, wherever they are, one or two levels deep. */
const SECRET = ['token', 'password', 'pin', 'credential', 'authorization', 'cookie'];

/** The root of all loggers; others are made of it by `child`, with the room and participant they speak of. */
export function createLogger({ level, format }: LogOptions): Logger {
  const isPretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY && hasPretty());
  return pino({
    level,
    base: null,
    redact: { paths: SECRET.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    ...(isPretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' },
          },
        }
      : { timestamp: pino.stdTimeFunctions.isoTime }),
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
