import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../../server/clock.ts';
import { Draining } from '../../../server/draining.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** What was done, and when. */
let story: string[];
let lastRoomEnds: () => void;
let draining: Draining;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  story = [];
  const note = (line: string): void => void story.push(`${clock.now()}: ${line}`);
  const rooms = new Promise<void>((resolve) => (lastRoomEnds = resolve));
  draining = new Draining({
    clock,
    drain: () => rooms,
    takenOver: (deadline) => note(`taken over until ${deadline}`),
    tell: (deadline) => note(`told of ${deadline}`),
    endRooms: () => note('rooms end'),
  });
});

afterEach(() => void vi.useRealTimers());

describe('A server that drains', () => {
  it('tells people at once, and ends rooms at the deadline', () => {
    void draining.end(30 * SECOND);
    vi.advanceTimersByTime(30 * SECOND);
    expect(story).toEqual(['0: told of 30000', '30000: rooms end']);
  });

  it('after another one has taken over tells people some time before the deadline', () => {
    void draining.end(HOUR, 60 * SECOND);
    vi.advanceTimersByTime(HOUR);
    expect(story).toEqual(['0: taken over until 3600000', '3540000: told of 3600000', '3600000: rooms end']);
  });

  it.each([
    ['sooner', 30 * SECOND, ['5000: told of 35000', '35000: rooms end', '3600000: rooms end']],
    ['later', 2 * HOUR, ['5000: told of 3600000', '3600000: rooms end', '7205000: rooms end']],
  ])('tells people once when it is asked to stop as well, %s', (_when, drainMs, told) => {
    void draining.end(HOUR, 60 * SECOND);
    vi.advanceTimersByTime(5 * SECOND);
    void draining.end(drainMs);
    vi.advanceTimersByTime(3 * HOUR);
    expect(story).toEqual(['0: taken over until 3600000', ...told]);
  });

  it('tells people again when the end comes sooner than they know', () => {
    void draining.end(HOUR);
    void draining.end(30 * SECOND);
    expect(story).toEqual(['0: told of 3600000', '0: told of 30000']);
  });

  it('is done with the last room, and forgets what was to come', async () => {
    const ends = [draining.end(HOUR, 60 * SECOND), draining.end(2 * HOUR)];
    lastRoomEnds();
    await Promise.all(ends);
    expect(vi.getTimerCount()).toBe(0);
  });
});
