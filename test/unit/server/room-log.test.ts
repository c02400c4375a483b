import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../server/log.ts';
import { createRoomLog } from '../../../server/room-log.ts';

const line = (room: string, n: number) => JSON.stringify({ room, n });

function reader() {
  const lines: string[] = [];
  const state = { lines, ended: false };
  return {
    state,
    follower: { line: (text: string) => void lines.push(text), end: () => void (state.ended = true) },
  };
}

describe("A room's log", () => {
  it('has the last lines of that room, then each as it comes, until nobody follows', () => {
    const log = createRoomLog();
    for (let n = 1; n <= 250; n += 1) log.take(line('a', n));
    log.take(line('b', 1));
    const { state, follower } = reader();
    const stop = log.follow('a', follower);
    expect(state.lines).toHaveLength(200);
    expect(state.lines[0]).toBe(line('a', 51));
    log.take(`${line('a', 251)}\n`);
    log.take(line('b', 2));
    expect(state.lines.at(-1)).toBe(line('a', 251));
    stop();
    stop();
    log.take(line('a', 252));
    expect(state.lines.at(-1)).toBe(line('a', 251));
  });

  it('forgets the room that has been silent longest when there are too many', () => {
    const log = createRoomLog();
    log.take(line('first', 1));
    log.take(line('second', 1));
    log.take(line('first', 2));
    for (let n = 0; n < 999; n += 1) log.take(line(`room-${n}`, n));
    const [first, second] = [reader(), reader()];
    log.follow('first', first.follower);
    log.follow('second', second.follower);
    expect([first.state.lines.length, second.state.lines.length]).toEqual([2, 0]);
  });

  it('ends its followers when it is closed', () => {
    const log = createRoomLog();
    const { state, follower } = reader();
    log.follow('a', follower);
    log.close();
    expect(state.ended).toBe(true);
  });

  it('is given what the logger and its children say, without secrets, and nothing of other rooms', () => {
    const log = createRoomLog();
    const logger = createLogger({ level: 'info', format: 'json' }, (text) => log.take(text), {
      write: () => {},
    });
    const ofRoom = logger.child({ room: 'a' });
    ofRoom.child({ participantId: 'p' }).info({ token: 'hidden' }, 'joined');
    ofRoom.debug('not at this level');
    logger.info({ other: '"room":"a"' }, 'no room');
    const { state, follower } = reader();
    log.follow('a', follower);
    expect(state.lines.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { room: 'a', participantId: 'p', token: '[secret]', msg: 'joined' },
    ]);
    expect(state.lines).toHaveLength(1);
  });
});
