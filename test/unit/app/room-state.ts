/** Rooms made by hand, for what is decided from a room's state alone. */
import type {
  ChatMessage,
  ParticipantInfo,
  RoomInfo,
  RoomPublication,
  RoomState,
  Source,
} from '../../../client/sdk/types.ts';
import { presets } from '../../../client/sdk/words.ts';

export function person(id: string, change: Partial<ParticipantInfo> = {}): ParticipantInfo {
  return {
    id,
    name: id.toUpperCase(),
    kind: 'browser',
    role: 'participant',
    avatar: null,
    number: null,
    held: false,
    joinedAt: 0,
    handRaisedAt: null,
    connected: true,
    quality: 'good',
    allowed: ['microphone', 'camera', 'screen', 'screenAudio'],
    ...change,
  };
}

const publication =
  (source: Source) =>
  (participantId: string, change: Partial<RoomPublication> = {}): RoomPublication => ({
    id: `${participantId} ${source}`,
    participantId,
    source,
    muted: false,
    track: null,
    paused: false,
    layers: null,
    ...change,
  });

export const camera = publication('camera');
export const microphone = publication('microphone');
export const screen = publication('screen');

export function message(id: string, change: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id,
    participantId: 'a',
    name: 'A',
    text: 'Hello',
    at: 0,
    to: 'everyone',
    replyTo: null,
    reactions: [],
    ...change,
  };
}

export function roomInfo(change: Partial<RoomInfo> = {}): RoomInfo {
  return {
    name: 'salon',
    settings: presets.meeting,
    hasPassword: false,
    number: null,
    pin: null,
    dialIn: [],
    callsOut: false,
    lasting: false,
    startsAt: null,
    openedAt: 0,
    spotlight: null,
    ...change,
  };
}

export function roomState({
  self = 'a',
  ...change
}: { self?: string } & Partial<Omit<RoomState, 'self'>> = {}): RoomState {
  return {
    phase: 'joined',
    attempt: 0,
    ended: null,
    waiting: null,
    room: roomInfo(),
    knocks: [],
    dials: [],
    self: { participantId: self, role: 'participant' },
    participants: [person('a')],
    publications: [],
    dominantSpeaker: null,
    chat: [],
    send: { state: 'new' },
    receive: { state: 'new' },
    drainingUntil: null,
    clockOffsetMs: 0,
    ...change,
  };
}
