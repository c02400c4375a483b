import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../server/log.ts';
import type { LogOptions } from '../../../server/log.ts';

function linesOf(write: (logger: ReturnType<typeof createLogger>) => void, level: LogOptions['level']) {
  const lines: string[] = [];
  write(createLogger({ level, format: 'json' }, () => {}, { write: (line) => void lines.push(line) }));
  return lines;
}

describe('The log', () => {
  it('has one object a line, with what its loggers were bound to', () => {
    const [line = ''] = linesOf(
      (logger) => logger.child({ room: 'tea' }).info({ workers: 2 }, 'open'),
      'info',
    );
    expect(JSON.parse(line)).toMatchObject({ level: 30, room: 'tea', workers: 2, msg: 'open' });
    expect(Date.parse((JSON.parse(line) as { time: string }).time)).not.toBeNaN();
  });

  it('says what an error was and where it came from', () => {
    const error = new Error('It broke.', { cause: new Error('It was old.') });
    const [line = ''] = linesOf((logger) => logger.error({ err: error }, 'failed'), 'info');
    expect(line).toContain('It broke.');
    expect(line).toContain('It was old.');
    expect(line).toContain('log.test.ts');
  });

  it('is as talkative as it was told to be', () => {
    const write = (logger: ReturnType<typeof createLogger>) => {
      logger.debug('no');
      logger.info('no');
      logger.warn('yes');
    };
    expect(linesOf(write, 'warn')).toHaveLength(1);
    expect(linesOf(write, 'silent')).toEqual([]);
  });

  it.each([
    ...['token', 'password', 'secret', 'pin', 'credential', 'authorization'],
    ...['cookie', 'cookies', 'set-cookie', 'metricsToken'],
  ])('never prints a %s, wherever it is', (key) => {
    const hidden = { [key]: 'hidden' };
    const [line = ''] = linesOf(
      (logger) => logger.child(hidden).info({ ...hidden, request: { ...hidden, headers: hidden } }, 'asked'),
      'info',
    );
    expect(line).not.toContain('hidden');
    expect(line.match(/\[secret\]/g)).toHaveLength(4);
  });
});
