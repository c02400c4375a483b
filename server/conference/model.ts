/** The plain data that the whole house shares: who is in a room, and what they publish. */

export type RoomName = string;
export type ParticipantId = string;
export type PublicationId = string;
export type SubscriptionId = string;

/** How a participant takes part: from a browser, or from a telephone through the bridge. */
export type ParticipantKind = 'browser' | 'phone';

export type Role = 'host' | 'participant';

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
export type LeaveReason = 'left' | 'connection-lost' | 'removed' | 'room-ended' | 'server-stopping';

/** What everybody in the room may know of a participant. */
export interface ParticipantInfo {
  id: ParticipantId;
  name: string;
  kind: ParticipantKind;
  role: Role;
  /** When the hand went up, in ms since the epoch; null while it is down. */
  handRaisedAt: number | null;
  /** When they came in, in ms since the epoch. */
  joinedAt: number;
  quality: ConnectionQuality;
  /** False while the participant's socket is gone and the room waits for it to come back. */
  connected: boolean;
}

/** What everybody in the room may know of a publication. */
export interface PublicationInfo {
  id: PublicationId;
  participantId: ParticipantId;
  source: Source;
  muted: boolean;
}

export interface ChatMessage {
  id: string;
  participantId: ParticipantId;
  /** The writer's name when the message was written; the writer may have left since. */
  name: string;
  /** Plain text, never markup. */
  text: string;
  /** When the server took it, in ms since the epoch. */
  at: number;
}
