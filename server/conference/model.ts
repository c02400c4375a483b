/** The plain data that the whole house shares: rooms, who is in them, what they publish and write. */
import type { Role } from './roles.ts';
import type { RoomSettings } from './settings.ts';

export type { Power, Role } from './roles.ts';
export type { RoomKind, RoomSettings } from './settings.ts';

export type RoomName = string;
export type ParticipantId = string;
export type PublicationId = string;
export type SubscriptionId = string;
/** One who waits at the door. */
export type KnockId = string;

/** How a participant takes part: from a browser, or from a telephone through the bridge. */
export type ParticipantKind = 'browser' | 'phone';

/** One thing a participant sends. A participant has at most one publication of each source. */
export type Source = 'microphone' | 'camera' | 'screen' | 'screenAudio';

export type MediaKind = 'audio' | 'video';

/** What sources are made of. */
export const kindOfSource = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
} as const satisfies Record<Source, MediaKind>;

/** How well a participant's connection carries media, as the server measures it. */
export type ConnectionQuality = 'good' | 'fair' | 'poor';

/** Why a participant is no longer in the room. */
export type LeaveReason =
  'left' | 'connection-lost' | 'removed' | 'banned' | 'room-ended' | 'server-stopping';

/** A telephone number by which the rooms of this server are called. */
export interface DialIn {
  /** As it is dialled: digits, after a + if it is international (E.164). */
  number: string;
  /** As it is read. */
  written: string;
  /** ISO 3166; null where the number does not tell. */
  country: string | null;
  /** Such as the name of a town; null for none. */
  label: string | null;
  /** What the prompts speak (ISO 639); null where that is not said. */
  language: string | null;
}

/** What everybody in the room may know of a room, beside who is in it. */
export interface RoomInfo {
  name: RoomName;
  settings: RoomSettings;
  /** Whether a password is asked for. */
  hasPassword: boolean;
  /** What callers key in, digits only; null for a room that cannot be called. */
  number: string | null;
  /** What callers key in after the number, digits only; null when none is asked for. Told to those who may invite. */
  pin: string | null;
  /** Where callers dial; empty where the operator names no number. */
  dialIn: readonly DialIn[];
  /** Whether this reader may call telephones, and somebody is there who could make the call. */
  callsOut: boolean;
  /** True for a room that stays when the last has left. */
  lasting: boolean;
  /** When it is meant to begin, in ms since the epoch; null for a room without a time. */
  startsAt: number | null;
  /** When the first came in, in ms since the epoch; null while nobody is there. */
  openedAt: number | null;
  /** Whom a host shows large to everybody. */
  spotlight: ParticipantId | null;
}

/** What everybody in the room may know of a participant. */
export interface ParticipantInfo {
  id: ParticipantId;
  name: string;
  kind: ParticipantKind;
  role: Role;
  /** Picture to show instead of initials, an https URL from the token; null for none. */
  avatar: string | null;
  /** When the hand went up, in ms since the epoch; null while it is down. */
  handRaisedAt: number | null;
  /** When they came in, in ms since the epoch. */
  joinedAt: number;
  quality: ConnectionQuality;
  /** False while the participant's socket is gone and the room waits for it to come back. */
  connected: boolean;
  /** Number or SIP user of a telephone, told to those who see as hosts; null for others, and to others. */
  number: string | null;
  /** True for a telephone that a host holds: it neither hears nor is heard. */
  held: boolean;
  /** What they may publish unmuted right now: by role, settings, and what a host allowed or forbade them. */
  allowed: readonly Source[];
}

/** What everybody in the room may know of a publication. */
export interface PublicationInfo {
  id: PublicationId;
  participantId: ParticipantId;
  source: Source;
  muted: boolean;
}

/** One who waits at the door, as hosts see them. */
export interface Knock {
  id: KnockId;
  name: string;
  kind: ParticipantKind;
  /** When they knocked, in ms since the epoch. */
  since: number;
}

/** What those at the door wait for. */
export type WaitingFor =
  /** A host lets them in. */
  | 'lobby'
  /** The first host comes. */
  | 'host'
  /** The time of the room. */
  | 'opening';

/** Whom a message is for. */
export type ChatAudience = 'everyone' | 'hosts' | { participantId: ParticipantId };

export interface ChatMessage {
  id: string;
  participantId: ParticipantId;
  /** The writer's name when the message was written; the writer may have left since. */
  name: string;
  /** Plain text, never markup. */
  text: string;
  /** When the server took it, in ms since the epoch. */
  at: number;
  to: ChatAudience;
  /** The message that it answers; that one may be gone, or not be this reader's to see. */
  replyTo: string | null;
  /** Who reacted with what, in the order of the first of each reaction. */
  reactions: readonly { reaction: string; participantIds: readonly ParticipantId[] }[];
}

/** How a call out of a room goes. */
export const dialStates = [
  'dialling',
  'ringing',
  'answered',
  'busy',
  'declined',
  'no-answer',
  'cancelled',
  /** Not among what may be dialled. */
  'not-allowed',
  /** Nobody has that number, or it is not a whole one. */
  'unknown-number',
  /** Somebody has it, and is not there: switched off, or not registered. */
  'unreachable',
  /** The telephone network does not put calls of ours through to it. */
  'refused',
  /** The telephone has no codec, or no encryption, in common with us. */
  'unsupported',
  /** The telephone network could not carry the call, or did not answer. */
  'network-failed',
  /** No telephone line is connected, or it was lost meanwhile. */
  'no-line',
  /** As many calls go on as may. */
  'lines-busy',
  /** It was us. */
  'failed',
] as const;
export type DialState = (typeof dialStates)[number];

/** A call out of a room, as those see it who may invite. */
export interface Dial {
  id: string;
  /** A number, or a SIP URI. */
  destination: string;
  state: DialState;
  /** Name of the one who calls. */
  by: string;
}

/** One stay of one participant in a room. */
export interface Attendance {
  participantId: ParticipantId;
  /** The last name they had. */
  name: string;
  kind: ParticipantKind;
  role: Role;
  /** Ms since the epoch. */
  joinedAt: number;
  /** Ms since the epoch; null while they are in the room. */
  leftAt: number | null;
  /** How often the hand went up. */
  hands: number;
}
