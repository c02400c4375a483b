import { expect, it } from 'vitest';
import { Lobby } from '../../../server/conference/lobby.ts';

const KEPT_MS = 30_000;

it('An admission is good for as long as ever, however long its socket has been gone', () => {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const pass = (ms: number): void => {
    now += ms;
    for (const timer of timers) if (timer.at <= now && timers.delete(timer)) timer.callback();
  };
  const lobby = new Lobby({
    clock: {
      now: () => now,
      elapsed: () => now,
      after(delayMs, callback) {
        const timer = { at: now + delayMs, callback };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    limit: 1,
    keptMs: KEPT_MS,
    newId: () => 'knock',
    newTicket: () => 'ticket',
    changed: () => undefined,
  });
  const origin = { subject: null, deviceId: null, address: '127.0.0.1' };
  const visitor = { name: 'Ana', kind: 'browser', role: 'participant', avatar: null, caller: null } as const;
  const place = lobby.add({ ...visitor, origin, suspect: false }, 'lobby');
  const socket = (): void => undefined;
  place.occupy(socket);
  place.vacate(socket);
  pass(KEPT_MS - 1);
  lobby.admit([place]);
  pass(KEPT_MS - 1);
  expect(lobby.byTicket('ticket')).toBe(place);
  pass(1);
  expect(lobby.isEmpty).toBe(true);
});
