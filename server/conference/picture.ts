/** A room as somebody sees it: one who has just come, or whoever runs the server. */
import type { JoinedAnswer } from '../signalling/contract.ts';
import type { Chat } from './chat.ts';
import type { Lobby } from './lobby.ts';
import type { Knock, ParticipantId, ParticipantInfo, PublicationInfo, RoomInfo } from './model.ts';
import type { Participant } from './participant.ts';
import type { Empowered } from './roles.ts';
import type { Rules } from './rules.ts';
import type { Sight } from './sight.ts';

/** A room as somebody finds it who comes in now. */
export type RoomPicture = Pick<
  JoinedAnswer,
  'room' | 'waiting' | 'participants' | 'publications' | 'chat' | 'dominantSpeaker' | 'now'
>;

/** A room as whoever runs the server sees it. */
export interface RoomSummary {
  info: RoomInfo;
  participants: ParticipantInfo[];
  publications: PublicationInfo[];
  waiting: Knock[];
}

/** What there is to be seen of a room. */
export interface PicturedRoom {
  readonly rules: Rules;
  readonly participants: readonly Participant[];
  readonly lobby: Lobby;
  readonly chat: Chat;
  readonly sight: Sight;
  readonly dominantSpeaker: ParticipantId | null;
  readonly spotlight: ParticipantId | null;
  /** Ms since the epoch. */
  now(): number;
}

const OPERATOR: Empowered = { may: () => true };

export function pictureFor(room: PicturedRoom, reader: Participant): RoomPicture {
  return {
    room: infoFor(room, reader),
    waiting: reader.may('admit') ? room.lobby.knocks : [],
    participants: room.participants.map((participant) => participant.infoFor(reader)),
    publications: room.sight.of(reader),
    chat: room.chat.history(reader),
    dominantSpeaker: room.dominantSpeaker,
    now: room.now(),
  };
}

export function infoFor({ rules: { record }, spotlight }: PicturedRoom, reader: Empowered): RoomInfo {
  const { name, settings, number, lasting, startsAt, openedAt } = record;
  const pin = reader.may('invite') ? record.pin : null;
  const hasPassword = record.passwordHash !== null;
  return { name, settings, hasPassword, number, pin, lasting, startsAt, openedAt, spotlight };
}

export function summaryOf(room: PicturedRoom): RoomSummary {
  return {
    info: infoFor(room, OPERATOR),
    participants: room.participants.map(({ info }) => info),
    publications: room.participants.flatMap(({ publications }) => publications),
    waiting: room.lobby.knocks,
  };
}
