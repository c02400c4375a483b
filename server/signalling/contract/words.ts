/**
 * The words of the contract that need no schema. Free of zod, as the published types of the client are made of them.
 */
import type { ParticipantId, PublicationId, Source } from '../../conference/model.ts';

export { aboutDialIn, dialInLine, dialLink, groupsOf } from '../../conference/dial-in.ts';
export type * from '../../conference/model.ts';
export { may, powers, roles } from '../../conference/roles.ts';
export { chatReaches, presets, roomKinds, successions } from '../../conference/settings.ts';
export type { ChatReach, Succession } from '../../conference/settings.ts';

/** Why a request was refused. Stable: programs switch on it, people read the message. */
export const errorCodes = [
  /** The payload does not fit its schema; `message` names the field. */
  'invalid-request',
  /** The event needs a join first. */
  'not-joined',
  /** This socket has joined already. */
  'already-joined',
  'room-full',
  /** The server holds as many rooms as it may. */
  'too-many-rooms',
  'rate-limited',
  'unknown-publication',
  'unknown-subscription',
  'too-many-publications',
  /** Codec, SSRC or transport state that mediasoup refuses. */
  'unsupported-media',
  /** The role does not have the power, or the room's settings take it away; `message` says which. */
  'forbidden',
  /** The room has a password; join again with it. */
  'password-required',
  'wrong-password',
  /** A caller has to key in the room's PIN. */
  'pin-required',
  'wrong-pin',
  /** A host has locked the room: nobody new comes in. */
  'room-locked',
  /** A host has turned this one away from the door: knock again after `retryAfterMs`. */
  'denied',
  /** Put out of this room for good. */
  'banned',
  /** This server, or this room, lets in token holders only. */
  'token-required',
  /** The token is expired, for another room, or not from whom this server trusts; `message` says which. */
  'token-refused',
  'unknown-participant',
  'unknown-message',
  'unknown-knock',
  /** There is no room of that name or number, and none may be made by whoever asks. */
  'unknown-room',
  /** As many wait at the door as may. */
  'lobby-full',
  'too-many-calls',
  /** No telephone line is connected at the moment. */
  'calls-unavailable',
  /** The server is stopping and takes no new rooms; or the room is still at the one before, and the handshake had no `room`. */
  'server-draining',
  /** No media worker is there at the moment; worth trying again. */
  'media-unavailable',
  /** Client and server speak different contracts: reload the page. */
  'version-mismatch',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What went wrong, in an ack. */
export interface ContractError {
  code: ErrorCode;
  /** English, for logs and developers; user interfaces translate `code`. */
  message: string;
  /** When trying again makes sense, in ms from now. */
  retryAfterMs?: number;
}

/** Emoji that can be sent as a reaction. */
export const reactions = ['👍', '👏', '❤️', '😂', '😮', '🎉'] as const;
export type Reaction = (typeof reactions)[number];

/** What a participant shows at the moment; each view replaces the last one. */
export interface View {
  /** The publications on display, each with the size of its picture in device pixels. Others get no video. */
  videos: { publicationId: PublicationId; width: number; height: number }[];
  /** The publication that the participant has put in front, if any. */
  pinned: PublicationId | null;
}

export interface Layers {
  /** 0 is the smallest picture. */
  spatialLayer: number;
  /** 0 is the lowest frame rate; absent when the codec has none. */
  temporalLayer?: number;
}

/** What a host, or one with that power, did to a participant, as that one is told. */
export type Moderation =
  | { action: 'muted'; mayUnmute: boolean }
  /** What they may send now, whatever the settings say. */
  | { action: 'allowed'; sources: readonly Source[] }
  | { action: 'camera-stopped'; mayRestart: boolean }
  | { action: 'screen-stopped' }
  | { action: 'asked-to-unmute' }
  | { action: 'given-floor' }
  | { action: 'floor-taken' }
  | { action: 'hand-lowered' }
  /** A telephone alone: neither hears nor is heard until it is released. */
  | { action: 'held'; held: boolean }
  | { action: 'renamed'; name: string }
  | { action: 'role-changed' }
  /** To a viewer, who answers with `answerStage`. */
  | { action: 'invited-to-stage' }
  | { action: 'put-off-stage' };

/** Who did it: a participant, or whoever runs the server, by the API. */
export interface Moderator {
  participantId: ParticipantId | null;
  name: string;
}
