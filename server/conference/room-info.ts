/** A room as it is told to those in it, and to whoever runs the server. */
import type { JoinedAnswer } from '../signalling/contract.ts';
import type { DialIn, Knock, ParticipantId, ParticipantInfo, PublicationInfo, RoomInfo } from './model.ts';
import type { RoomRecord } from './ports.ts';
import type { Empowered } from './roles.ts';

/** A room as somebody finds it who comes in now. */
export type RoomPicture = Pick<
  JoinedAnswer,
  'room' | 'waiting' | 'dials' | 'participants' | 'publications' | 'chat' | 'dominantSpeaker' | 'now'
>;

/** A room as whoever runs the server sees it. */
export interface RoomSummary {
  info: RoomInfo;
  participants: ParticipantInfo[];
  publications: PublicationInfo[];
  waiting: Knock[];
}

/** Whoever runs the server may see everything. */
export const OPERATOR: Empowered = { may: () => true };

/** What holds for a room at the moment, beside its record. */
export interface RoomNow {
  spotlight: ParticipantId | null;
  dialIn: readonly DialIn[];
  /** Whether somebody is there who could make a call out of it. */
  canDial: boolean;
}

/** What this reader may know of the room. */
export function roomInfo(
  { name, settings, passwordHash, number, pin, lasting, startsAt, openedAt }: RoomRecord,
  { spotlight, dialIn, canDial }: RoomNow,
  reader: Empowered,
): RoomInfo {
  const invites = reader.may('invite');
  return {
    ...{ name, settings, number, dialIn, lasting, startsAt, openedAt, spotlight },
    hasPassword: passwordHash !== null,
    pin: invites ? pin : null,
    callsOut: invites && canDial,
  };
}
