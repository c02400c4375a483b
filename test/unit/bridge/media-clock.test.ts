/** When the media process says that it can not keep up: for its own work alone. */
import { afterEach, describe, expect, it } from 'vitest';
import { Clock } from '../../../server/bridge/media/clock.ts';
import { until } from '../../helpers/wait.ts';

/** Of one tick, in ms. */
const FRAME_MS = 20;

let clock: Clock | null = null;
let blocking: NodeJS.Timeout | undefined;
afterEach(() => {
  clock?.stop();
  clearInterval(blocking);
});

/** Uses so many ms of a processor's time, however long that takes. */
function work(ms: number): void {
  const before = process.threadCpuUsage();
  const used = (): number => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
  while (used() < ms);
}

/** Runs a clock whose ticks take so long, in ms. */
function run(tickMs: () => number): { told: boolean[]; ticks: () => number } {
  const told: boolean[] = [];
  let ticks = 0;
  clock = new Clock(
    () => {
      ticks += 1;
      work(tickMs());
    },
    (refusing) => told.push(refusing),
  );
  clock.start();
  return { told, ticks: () => ticks };
}

describe('the clock', () => {
  it('refuses calls while ticks take nearly all of the time, and takes them again afterwards', async () => {
    let tickMs = 0.9 * FRAME_MS;
    const { told } = run(() => tickMs);
    const wait = (count: number) =>
      until(
        'it is told',
        () => told.length,
        (length) => length === count,
        { timeoutMs: 25_000 },
      );
    await wait(1);
    expect(clock?.refusing).toBe(true);
    tickMs = 0;
    await wait(2);
    expect(told).toEqual([true, false]);
  }, 60_000);

  it('does not where something else keeps the machine busy, however late it is', async () => {
    const { told, ticks } = run(() => 1);
    blocking = setInterval(() => work(50), 60);
    await until('it has judged', ticks, (count) => count > 160, { timeoutMs: 25_000 });
    expect(clock?.lateness().p90Ms).toBeGreaterThan(20);
    expect(told).toEqual([]);
  }, 30_000);
});
