/** Rooms made by hand, for what is decided from a room's state alone. */
import type { ParticipantInfo, RoomPublication, RoomState, Source } from '../../../client/sdk/types.ts';

export function person(id: string, change: Partial<ParticipantInfo> = {}): ParticipantInfo {
  return {
    id,
    name: id.toUpperCase(),
    kind: 'browser',
    role: 'participant',
    joinedAt: 0,
    handRaisedAt: null,
    connected: true,
    quality: 'good',
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

export function roomState({
  self = 'a',
  ...change
}: { self?: string } & Partial<Omit<RoomState, 'self'>> = {}): RoomState {
  return {
    phase: 'joined',
    attempt: 0,
    ended: null,
    self: { participantId: self, role: 'participant' },
    participants: [person('a')],
    publications: [],
    dominantSpeaker: null,
    chat: [],
    send: { state: 'new' },
    receive: { state: 'new' },
    drainingUntil: null,
    ...change,
  };
}
