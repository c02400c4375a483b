import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress, aptProgress, formatSeconds, ninjaProgress } from '../../../server/setup/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function output(isTTY: boolean): {
  written: string[];
  write: (text: string) => void;
  isTTY: boolean;
  columns: number;
} {
  const written: string[] = [];
  return { written, write: (text) => void written.push(text), isTTY, columns: 40 };
}

describe('progress', () => {
  test('writes a line every five seconds where there is no terminal, also while nothing is reported', () => {
    const log = output(false);
    const progress = new Progress('Building', log);
    progress.update('3/261');
    vi.advanceTimersByTime(10_000);
    progress.end('done');
    vi.advanceTimersByTime(10_000);
    expect(log.written).toEqual([
      'Building … (0 s)\n',
      'Building … 3/261 (5 s)\n',
      'Building … 3/261 (10 s)\n',
      'Building: done (10 s)\n',
    ]);
  });

  test('rewrites one line on a terminal, cut so that it does not wrap', () => {
    const tty = output(true);
    const progress = new Progress('Installing a lot of packages with long names', tty);
    vi.advanceTimersByTime(1000);
    progress.end('done');
    expect(tty.written.length).toBeGreaterThan(3);
    expect(tty.written.filter((text) => text.endsWith('\n'))).toHaveLength(1);
    for (const text of tty.written) {
      expect(text.startsWith('\r')).toBe(true);
      expect(text.trim().replace('\x1b[K', '').length).toBeLessThan(40);
    }
  });
});

test('reads the progress of ninja and apt-get, and nothing else', () => {
  expect(ninjaProgress('[17/261] Compiling C++ object a.o')).toBe('17/261');
  expect(ninjaProgress('ninja: Entering directory')).toBeUndefined();
  expect(aptProgress('pmstatus:meson:40.5:Unpacking meson (amd64)')).toBe('41 %, Unpacking meson (amd64)');
  expect(aptProgress('dlstatus:1:9.0909:Retrieving file 1 of 2')).toBe('9 %, Retrieving file 1 of 2');
  expect(aptProgress('Reading package lists...')).toBeUndefined();
});

test('tells seconds as a person would', () => {
  expect(formatSeconds(4.4)).toBe('4 s');
  expect(formatSeconds(260)).toBe('4 min 20 s');
});
