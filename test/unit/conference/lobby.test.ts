import { expect, it } from 'vitest';
import { Lobby } from '../../../server/conference/lobby.ts';
import { MovableClock } from '../../helpers/movable-clock.ts';

const KEPT_MS = 30_000;

it('An admission is good for as long as ever, however long its socket has been gone', () => {
  const clock = new MovableClock();
  const lobby = new Lobby({
    clock,
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
  clock.pass(KEPT_MS - 1);
  lobby.admit([place]);
  clock.pass(KEPT_MS - 1);
  expect(lobby.byTicket('ticket')).toBe(place);
  clock.pass(1);
  expect(lobby.isEmpty).toBe(true);
});
