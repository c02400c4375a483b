/** How the picture of the room follows from what the server tells. Pure; unchanged parts keep their identity. */
import type {
  JoinedAnswer,
  RoomEvent,
  WaitingAnswer,
  WaitingEvent,
} from '../../server/signalling/contract.ts';
import type {
  Layers,
  ParticipantInfo,
  PublicationId,
  PublicationInfo,
  RoomPublication,
  RoomState,
} from './types.ts';
import type { ChatMessage, Dial } from './types.ts';

/** What this client has of a publication's media. */
export interface PublicationMedia {
  track: MediaStreamTrack | null;
  paused: boolean;
  layers: Layers | null;
}

export type MediaOf = (publicationId: PublicationId) => PublicationMedia;

/** Messages kept in the state; older ones are forgotten. */
const MAX_CHAT = 1_000;
/** Calls out kept in the state, those that have ended included. */
const MAX_DIALS = 20;

export const initialState: RoomState = {
  phase: 'idle',
  attempt: 0,
  ended: null,
  waiting: null,
  room: null,
  knocks: [],
  dials: [],
  self: null,
  participants: [],
  publications: [],
  dominantSpeaker: null,
  chat: [],
  send: { state: 'new' },
  receive: { state: 'new' },
  drainingUntil: null,
  clockOffsetMs: 0,
};

/** At the door. One who comes back to it after a dropped socket keeps what hosts wrote. @param now this clock's */
export function atDoor(state: RoomState, answer: WaitingAnswer, now: number): RoomState {
  const { waitingFor, opensAt } = answer;
  return {
    ...state,
    phase: 'waiting',
    attempt: 0,
    waiting: { waitingFor, opensAt, messages: state.waiting?.messages ?? [] },
    clockOffsetMs: answer.now - now,
  };
}

/** What those at the door are told, beside that they are let in or not. */
export function afterWaitingEvent(
  state: RoomState,
  event: Extract<WaitingEvent, { type: 'message' | 'waitingFor' }>,
): RoomState {
  const { waiting } = state;
  if (!waiting) return state;
  if (event.type === 'waitingFor') {
    const { waitingFor, opensAt } = event;
    return { ...state, waiting: { ...waiting, waitingFor, opensAt } };
  }
  const { from, text, at } = event;
  return {
    ...state,
    waiting: { ...waiting, messages: [...waiting.messages, { from, text, at }].slice(-MAX_CHAT) },
  };
}

/** The room as a join that did not resume finds it. @param now this clock's */
export function entered(state: RoomState, answer: JoinedAnswer, mediaOf: MediaOf, now: number): RoomState {
  return {
    ...state,
    phase: 'joined',
    attempt: 0,
    waiting: null,
    room: answer.room,
    knocks: answer.waiting,
    dials: answer.dials,
    clockOffsetMs: answer.now - now,
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
    case 'chatMessageChanged':
      return withChangedMessage(state, event.message);
    case 'roomChanged':
      return { ...state, room: event.room };
    case 'waitingChanged':
      return { ...state, knocks: event.waiting };
    case 'dialChanged':
      return withDial(state, event.dial);
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

/** For a message that has been forgotten nothing changes. */
function withChangedMessage(state: RoomState, message: ChatMessage): RoomState {
  const isKnown = state.chat.some(({ id }) => id === message.id);
  return isKnown ? { ...state, chat: upsert(state.chat, message) } : state;
}

function withDial(state: RoomState, dial: Dial): RoomState {
  const dials = upsert(state.dials, dial);
  return dials === state.dials ? state : { ...state, dials: dials.slice(-MAX_DIALS) };
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
