/** How the picture of the room follows from what the server tells. Pure; unchanged parts keep their identity. */
import type { JoinAnswer, RoomEvent } from '../../server/signalling/contract.ts';
import type {
  Layers,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  RoomPublication,
  RoomState,
} from './types.ts';
import type { ChatMessage } from './types.ts';

/** What this client has of a publication's media. */
export interface PublicationMedia {
  track: MediaStreamTrack | null;
  paused: boolean;
  layers: Layers | null;
}

export type MediaOf = (publicationId: PublicationId) => PublicationMedia;

/** Messages kept in the state; older ones are forgotten. */
const MAX_CHAT = 1_000;

export const initialState: RoomState = {
  phase: 'idle',
  attempt: 0,
  ended: null,
  self: null,
  participants: [],
  publications: [],
  dominantSpeaker: null,
  chat: [],
  send: { state: 'new' },
  receive: { state: 'new' },
  drainingUntil: null,
};

/** The room as a join that did not resume finds it. */
export function entered(state: RoomState, answer: JoinAnswer, mediaOf: MediaOf): RoomState {
  return {
    ...state,
    phase: 'joined',
    attempt: 0,
    self: { participantId: answer.participantId, role: answer.role },
    participants: answer.participants,
    publications: answer.publications.map((publication) => ({ ...publication, ...mediaOf(publication.id) })),
    dominantSpeaker: answer.dominantSpeaker,
    chat: answer.chat,
    drainingUntil: null,
  };
}

/** @returns the same object when the event changes nothing, as one that has been seen already */
export function afterEvent(state: RoomState, event: RoomEvent, mediaOf: MediaOf): RoomState {
  switch (event.type) {
    case 'participantJoined':
    case 'participantChanged':
      return withParticipant(state, event.participant);
    case 'participantLeft':
      return withoutParticipant(state, event.participantId);
    case 'publicationAdded':
    case 'publicationChanged':
      return withPublication(state, event.publication, mediaOf(event.publication.id));
    case 'publicationRemoved':
      return withoutPublication(state, event.publicationId);
    case 'dominantSpeaker':
      return event.participantId === state.dominantSpeaker
        ? state
        : { ...state, dominantSpeaker: event.participantId };
    case 'chatMessage':
      return withChatMessage(state, event.message);
    case 'serverDraining':
      return { ...state, drainingUntil: event.deadline };
    default:
      return state;
  }
}

export function withParticipant(state: RoomState, participant: ParticipantInfo): RoomState {
  const participants = upsert(state.participants, participant);
  const self =
    state.self?.participantId === participant.id && state.self.role !== participant.role
      ? { ...state.self, role: participant.role }
      : state.self;
  return participants === state.participants && self === state.self
    ? state
    : { ...state, participants, self };
}

function withoutParticipant(state: RoomState, id: string): RoomState {
  const participants = without(state.participants, (participant) => participant.id === id);
  const publications = without(state.publications, ({ participantId }) => participantId === id);
  return participants === state.participants && publications === state.publications
    ? state
    : { ...state, participants, publications };
}

export function withPublication(state: RoomState, info: PublicationInfo, media: PublicationMedia): RoomState {
  const publication: RoomPublication = { ...info, ...media };
  const publications = upsert(state.publications, publication);
  return publications === state.publications ? state : { ...state, publications };
}

export function withoutPublication(state: RoomState, id: PublicationId): RoomState {
  const publications = without(state.publications, (publication) => publication.id === id);
  return publications === state.publications ? state : { ...state, publications };
}

/** For a publication that is not in the room (any more) nothing changes. */
export function withMedia(state: RoomState, id: PublicationId, media: PublicationMedia): RoomState {
  const publication = state.publications.find((known) => known.id === id);
  return publication ? withPublication(state, publication, media) : state;
}

export function withChatMessage(state: RoomState, message: ChatMessage): RoomState {
  if (state.chat.some(({ id }) => id === message.id)) return state;
  return { ...state, chat: [...state.chat, message].slice(-MAX_CHAT) };
}

/** Replaces the item with the same id in its place, or appends it. */
function upsert<T extends { id: string }>(items: readonly T[], item: T): readonly T[] {
  const index = items.findIndex(({ id }) => id === item.id);
  const known = items[index];
  if (!known) return [...items, item];
  return isSame(known, item) ? items : items.with(index, item);
}

function without<T>(items: readonly T[], isGone: (item: T) => boolean): readonly T[] {
  return items.some(isGone) ? items.filter((item) => !isGone(item)) : items;
}

/** Compares plain data; a track is the same only if it is the same object. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)))
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
