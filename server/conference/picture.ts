/** A room as somebody sees it: one who has just come, or whoever runs the server. */
import type { Chat } from './chat.ts';
import type { Dialling, DiallingRoom } from './dialling.ts';
import type { Lobby } from './lobby.ts';
import type { ParticipantId, RoomInfo } from './model.ts';
import type { Participant } from './participant.ts';
import type { Empowered } from './roles.ts';
import { OPERATOR } from './room-info.ts';
import type { RoomPicture, RoomSummary } from './room-info.ts';
import type { Sight } from './sight.ts';

/** What there is to be seen of a room. */
export interface PicturedRoom extends DiallingRoom {
  infoFor(reader: Empowered): RoomInfo;
  readonly participants: readonly Participant[];
  readonly lobby: Lobby;
  readonly dialling: Dialling;
  readonly chat: Chat;
  readonly sight: Sight;
  readonly dominantSpeaker: ParticipantId | null;
  /** Ms since the epoch. */
  now(): number;
}

export function pictureFor(room: PicturedRoom, reader: Participant): RoomPicture {
  return {
    room: room.infoFor(reader),
    waiting: reader.may('admit') ? room.lobby.knocks : [],
    dials: reader.may('invite') ? room.dialling.underWay(room) : [],
    participants: room.participants.map((participant) => participant.infoFor(reader)),
    publications: room.sight.of(reader),
    chat: room.chat.history(reader),
    dominantSpeaker: room.dominantSpeaker,
    now: room.now(),
  };
}

export function summaryOf(room: PicturedRoom): RoomSummary {
  return {
    info: room.infoFor(OPERATOR),
    participants: room.participants.map(({ info }) => info),
    publications: room.participants.flatMap(({ publications }) => publications),
    waiting: room.lobby.knocks,
  };
}
