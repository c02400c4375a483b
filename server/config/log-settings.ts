/** What and how the log is written: the same for the server and a bridge. */
import { z } from 'zod';
import { text } from './setting.ts';

export const logging = {
  logLevel: text('LOG_LEVEL', z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']), {
    byDefault: 'info',
    meaning: 'trace, debug, info, warn, error or silent.',
  }),
  logFormat: text('LOG_FORMAT', z.enum(['auto', 'json', 'pretty']), {
    byDefault: 'auto',
    meaning: 'json, pretty (for people), or auto: pretty on a terminal.',
  }),
} as const;
