import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Comeback } from '../../../client/sdk/comeback.ts';
import { RoomClientError } from '../../../client/sdk/errors.ts';

/** What happens at each try, the last for all that follow. */
type Tries = (RoomClientError | Error | 'in')[];

const gone = new RoomClientError('unreachable', 'The server does not answer.');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function comeback(...tries: Tries) {
  const told: (number | string)[] = [];
  let calledOff = false;
  let entered = 0;
  const one = new Comeback({
    enter: async () => {
      const now = tries[Math.min(entered, tries.length - 1)];
      entered += 1;
      if (now instanceof Error) throw now;
      told.push('in');
    },
    trying: (attempt) => told.push(attempt),
    givenUp: ({ code }) => told.push(code),
    isCalledOff: () => calledOff,
  });
  const callOff = (): void => {
    calledOff = true;
    one.hurry();
  };
  return { one, told, callOff, tries: () => entered };
}

it('knocks until the room is entered', async () => {
  const { one, told } = comeback(gone, new Error('a surprise'), 'in');
  const done = one.run();
  await vi.runAllTimersAsync();
  await done;
  expect(told).toEqual([1, 2, 3, 'in']);
});

it('gives up where another try cannot help', async () => {
  const { one, told } = comeback(gone, new RoomClientError('banned', 'Out.'), 'in');
  const done = one.run();
  await vi.runAllTimersAsync();
  await done;
  expect(told).toEqual([1, 2, 'banned']);
});

it('waits as long as the server asks, unless there is a reason to hurry', async () => {
  const busy = new RoomClientError('rate-limited', 'Later.', { retryAfterMs: 60_000 });
  const { one, tries } = comeback(busy);
  void one.run();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(tries()).toBe(1);
  one.hurry();
  await vi.advanceTimersByTimeAsync(0);
  expect(tries()).toBe(2);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(tries()).toBe(2);
});

it('stops at once when nobody wants to come back any more', async () => {
  const { one, told, callOff, tries } = comeback(gone);
  const done = one.run();
  await vi.advanceTimersByTimeAsync(2_000);
  const before = tries();
  callOff();
  await done;
  expect(tries()).toBe(before);
  expect(told.at(-1)).toBe(before + 1);
});
