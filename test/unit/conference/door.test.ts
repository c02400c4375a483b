import { describe, expect, it } from 'vitest';
import {
  isSuspect,
  opensAt,
  refuseBanned,
  refuseWhenFull,
  waitsFor,
} from '../../../server/conference/door.ts';
import type { DoorState } from '../../../server/conference/door.ts';
import type { RoomRecord } from '../../../server/conference/ports.ts';
import { presets } from '../../../server/conference/settings.ts';
import type { RoomSettings } from '../../../server/conference/settings.ts';

const NOW = 1_000_000;
const eve = { subject: 'eve', deviceId: 'phone', address: '::1' };

function record(settings: Partial<RoomSettings> = {}, more: Partial<RoomRecord> = {}): RoomRecord {
  return {
    name: 'room',
    number: '12345678',
    pin: null,
    settings: { ...presets.meeting, ...settings },
    passwordHash: null,
    hostKeyHashes: [],
    bans: [],
    lasting: false,
    startsAt: null,
    createdAt: 0,
    openedAt: null,
    ...more,
  };
}

function state(of: RoomRecord, more: Partial<DoorState> = {}): DoorState {
  return {
    record: of,
    participants: 0,
    maxParticipants: 10,
    hostPresent: true,
    opensBeforeMs: 1_000,
    now: NOW,
    ...more,
  };
}

describe('The door', () => {
  it.each([
    ['nothing', {}, {}, false, null],
    ['a host in the lobby', { lobby: true }, {}, false, 'lobby'],
    ['a host by hand, who waits when the room is locked', { locked: true }, {}, false, 'lobby'],
    ['a host by hand, where somebody was put out', {}, {}, true, 'lobby'],
    ['the first host', { hostRequired: true, lobby: true }, { hostPresent: false }, false, 'host'],
    ['the lobby when a host is there', { hostRequired: true, lobby: true }, {}, false, 'lobby'],
  ] as const)('makes people wait for %s', (_, settings, more, suspect, expected) => {
    expect(waitsFor(state(record(settings), more), suspect)).toBe(expected);
  });

  it('opens a while before the time of the room, whoever is there already', () => {
    const timed = record({ hostRequired: true }, { startsAt: NOW + 1_001 });
    expect(opensAt(timed, 1_000)).toBe(NOW + 1);
    expect(opensAt(record(), 1_000)).toBeNull();
    expect(waitsFor(state(timed), false)).toBe('opening');
    expect(waitsFor(state(timed, { now: NOW + 1 }), false)).toBeNull();
    expect(waitsFor(state(timed, { now: NOW + 1, hostPresent: false }), false)).toBe('host');
  });

  it('knows again whom it has put out, and takes nobody for another who is merely unknown', () => {
    const banned = record({}, { bans: [eve] });
    const code = (subject: string | null, deviceId: string | null) => {
      try {
        refuseBanned(banned, { subject, deviceId, address: '10.0.0.1' });
        return null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect([code('eve', null), code(null, 'phone'), code('eve', 'other')]).toEqual([
      'banned',
      'banned',
      'banned',
    ]);
    expect([code(null, null), code('ben', 'laptop')]).toEqual([null, null]);
    const unknown = record({}, { bans: [{ subject: null, deviceId: null, address: '::1' }] });
    expect(() => refuseBanned(unknown, { subject: null, deviceId: null, address: '::1' })).not.toThrow();
    expect(isSuspect(unknown, { subject: null, deviceId: null, address: '::1' })).toBe(true);
    expect(isSuspect(unknown, { subject: null, deviceId: null, address: '::2' })).toBe(false);
  });

  it('counts by the smaller of what the room and the server hold, and by the server alone for hosts', () => {
    const full = (own: number | null, participants: number, role: 'host' | 'participant') => () =>
      refuseWhenFull(state(record({ maxParticipants: own }), { participants }), role);
    expect(full(3, 2, 'participant')).not.toThrow();
    expect(full(3, 3, 'participant')).toThrow(/holds no more/);
    expect(full(3, 9, 'host')).not.toThrow();
    expect(full(50, 10, 'participant')).toThrow(/holds no more/);
    expect(full(null, 10, 'host')).toThrow(/holds no more/);
  });
});
