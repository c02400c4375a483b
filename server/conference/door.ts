/** Who may come in, who waits, and what refuses whom: decisions only, of plain data. */
import { ConferenceError } from './errors.ts';
import type { WaitingFor } from './model.ts';
import type { Ban, RoomRecord } from './ports.ts';
import { may } from './roles.ts';
import type { Role } from './roles.ts';

/** By what somebody may be known again. */
export type Origin = Ban;

/** What the door needs to know of a room at the moment. */
export interface DoorState {
  record: RoomRecord;
  /** Those who are on their way in included. */
  participants: number;
  /** Of this server, for any room. */
  maxParticipants: number;
  hostPresent: boolean;
  opensBeforeMs: number;
  /** Ms since the epoch. */
  now: number;
}

/** Those who could let themselves in: no password, lobby, lock or time holds them up. */
export const isInsider = (role: Role): boolean => may(role, 'admit');

/** @throws ConferenceError `banned` */
export function refuseBanned({ bans }: RoomRecord, origin: Origin): void {
  if (bans.some((ban) => isSame(ban.subject, origin.subject) || isSame(ban.deviceId, origin.deviceId))) {
    throw new ConferenceError('banned', 'You were put out of this room for as long as it lasts.');
  }
}

/**
 * Whether somebody was put out who may be this one in another browser: such have to knock. Who merely shares an
 * address with them, as a school does behind its router, is let in by a host.
 */
export function isSuspect({ bans }: RoomRecord, origin: Origin): boolean {
  return bans.some((ban) => ban.address === origin.address);
}

/**
 * For who was on the way in when the room was ended: another one of that name may be there soon.
 * @throws ConferenceError `server-draining`
 */
export function refuseWhenEnded({ closed }: { readonly closed: boolean }): void {
  if (closed) throw new ConferenceError('server-draining', 'The room has been ended.');
}

/** @throws ConferenceError `room-locked` */
export function refuseWhenLocked({ settings }: RoomRecord): void {
  if (settings.locked) throw new ConferenceError('room-locked', 'A host has locked the room.');
}

/** @throws ConferenceError `room-full` */
export function refuseWhenFull({ record, participants, maxParticipants }: DoorState, role: Role): void {
  const own = isInsider(role) ? null : record.settings.maxParticipants;
  if (participants >= Math.min(maxParticipants, own ?? maxParticipants)) {
    throw new ConferenceError('room-full', 'The room holds no more participants.');
  }
}

/** Null for a room without a time. In ms since the epoch. */
export function opensAt({ startsAt }: RoomRecord, opensBeforeMs: number): number | null {
  return startsAt === null ? null : startsAt - opensBeforeMs;
}

/** What somebody who is no host has to wait for now; null when they may come in. */
export function waitsFor(state: DoorState, suspect: boolean): WaitingFor | null {
  const { record, hostPresent, opensBeforeMs, now } = state;
  const opening = opensAt(record, opensBeforeMs);
  if (opening !== null && now < opening) return 'opening';
  if (record.settings.hostRequired && !hostPresent) return 'host';
  // Who waits already when a host locks the room comes in by a host's hand.
  return record.settings.lobby || record.settings.locked || suspect ? 'lobby' : null;
}

function isSame(known: string | null, given: string | null): boolean {
  return known !== null && known === given;
}
