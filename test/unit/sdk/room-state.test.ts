import { describe, expect, it } from 'vitest';
import * as roomState from '../../../client/sdk/room-state.ts';
import type { Dial, RoomState } from '../../../client/sdk/types.ts';
import type { JoinedAnswer, RoomEvent } from '../../../server/signalling/contract.ts';
import { message, person, roomInfo } from '../app/room-state.ts';

const NO_MEDIA = () => ({ track: null, paused: false, layers: null });
const knock = { id: 'k', name: 'Bruno', kind: 'browser', since: 5 } as const;

const answer: JoinedAnswer = {
  state: 'joined',
  participantId: 'a',
  token: 'secret',
  resumed: false,
  role: 'host',
  hostKey: 'secret',
  room: roomInfo(),
  waiting: [knock],
  dials: [],
  rtpCapabilities: {},
  transports: { send: transport(), receive: transport() },
  iceServers: [],
  participants: [person('a', { role: 'host' })],
  publications: [],
  chat: [message('1')],
  dominantSpeaker: null,
  lastEvent: 0,
  now: 1_500,
};

function transport(): JoinedAnswer['transports']['send'] {
  return {
    id: 't',
    iceParameters: { usernameFragment: 'u', password: 'p' },
    iceCandidates: [],
    dtlsParameters: { role: 'auto', fingerprints: [] },
  };
}

const waiting = {
  state: 'waiting',
  waitingFor: 'lobby',
  knock: 'secret',
  opensAt: null,
  now: 1_500,
} as const;

function after(state: RoomState, ...events: RoomEvent[]): RoomState {
  return events.reduce((now, event) => roomState.afterEvent(now, event, NO_MEDIA), state);
}

describe('at the door', () => {
  const atDoor = roomState.atDoor(roomState.initialState, waiting, 1_000);

  it('it is known what is waited for, and by which clock', () => {
    expect(atDoor).toMatchObject({
      phase: 'waiting',
      waiting: { waitingFor: 'lobby', opensAt: null, messages: [] },
      clockOffsetMs: 500,
      self: null,
    });
  });

  it('messages add up, and outlive a dropped socket', () => {
    const written = roomState.afterWaitingEvent(atDoor, { type: 'message', from: 'Ana', text: 'Hi', at: 7 });
    const other = roomState.afterWaitingEvent(written, {
      type: 'waitingFor',
      waitingFor: 'host',
      opensAt: 9,
    });
    expect(other.waiting).toEqual({
      waitingFor: 'host',
      opensAt: 9,
      messages: [{ from: 'Ana', text: 'Hi', at: 7 }],
    });
    expect(roomState.atDoor(other, waiting, 0).waiting?.messages).toHaveLength(1);
  });

  it('the waiting is over with the way in', () => {
    const inside = roomState.entered(atDoor, answer, NO_MEDIA, 1_000);
    expect(inside).toMatchObject({
      phase: 'joined',
      waiting: null,
      knocks: [knock],
      self: { participantId: 'a', role: 'host' },
      room: { name: 'salon' },
    });
    expect(
      roomState.afterWaitingEvent(inside, { type: 'waitingFor', waitingFor: 'host', opensAt: null }),
    ).toBe(inside);
  });
});

describe('in the room', () => {
  const inside = roomState.entered(roomState.initialState, answer, NO_MEDIA, 0);

  it('the room and those at its door are as told last', () => {
    const room = roomInfo({ spotlight: 'a', hasPassword: true });
    const state = after(inside, { type: 'roomChanged', room }, { type: 'waitingChanged', waiting: [] });
    expect(state.room).toBe(room);
    expect(state.knocks).toEqual([]);
  });

  it('a message is changed in its place, and one that is forgotten stays so', () => {
    const reacted = message('1', { reactions: [{ reaction: '👏', participantIds: ['b'] }] });
    const state = after(
      inside,
      { type: 'chatMessage', message: message('2') },
      { type: 'chatMessageChanged', message: reacted },
    );
    expect(state.chat).toEqual([reacted, message('2')]);
    expect(after(state, { type: 'chatMessageChanged', message: message('0') })).toBe(state);
  });

  it('calls out are as told last, each in its place', () => {
    const dial = (id: string, state: Dial['state']): RoomEvent => ({
      type: 'dialChanged',
      dial: { id, destination: '+54 11 5252 5252', state, by: 'Ana' },
    });
    const state = after(inside, dial('1', 'dialling'), dial('2', 'dialling'), dial('1', 'busy'));
    expect(state.dials.map(({ id, state: now }) => `${id} ${now}`)).toEqual(['1 busy', '2 dialling']);
    expect(after(state, dial('1', 'busy'))).toBe(state);
    const many = Array.from({ length: 30 }, (_, i) => dial(`n${i}`, 'busy'));
    expect(
      after(state, ...many)
        .dials.map(({ id }) => id)
        .slice(0, 2),
    ).toEqual(['n10', 'n11']);
  });

  it('one’s own role follows what is told of oneself', () => {
    const state = after(inside, { type: 'participantChanged', participant: person('a', { role: 'viewer' }) });
    expect(state.self?.role).toBe('viewer');
  });
});
