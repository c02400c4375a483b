import { describe, expect, it } from 'vitest';
import { arrange, bringForward, tilesOf } from '../../../client/app/room/stage/arrangement.ts';
import type { StageWishes } from '../../../client/app/room/stage/arrangement.ts';
import { camera, microphone, person, roomInfo, roomState, screen } from './room-state.ts';

const wishes: StageWishes = { layout: 'grid', pinned: null, showSelf: true, speaker: null };
const keys = (tiles: readonly { key: string }[]): string[] => tiles.map(({ key }) => key);

describe('tiles', () => {
  it('begin with oneself, then come the others in the order of joining', () => {
    const { people } = tilesOf(
      roomState({ self: 'b', participants: [person('a'), person('b'), person('c')] }),
    );
    expect(keys(people)).toEqual(['b', 'a', 'c']);
  });

  it('show no picture of a camera that is muted, and count a missing microphone as muted', () => {
    const { people } = tilesOf(
      roomState({
        participants: [person('a'), person('b')],
        publications: [camera('a', { muted: true }), microphone('b', { muted: false }), camera('b')],
      }),
    );
    expect(people.map(({ video, isMuted }) => [video?.id ?? null, isMuted])).toEqual([
      [null, true],
      ['b camera', false],
    ]);
  });

  it('have a voice where there is no face to be seen speaking: of a telephone, while it may be heard', () => {
    const track = {} as MediaStreamTrack;
    const voicesOf = (kind: 'browser' | 'phone', muted: boolean) =>
      tilesOf(
        roomState({
          participants: [person('a', { kind })],
          publications: [microphone('a', { muted, track })],
        }),
      ).people.map(({ voice }) => voice);
    expect(voicesOf('phone', false)).toEqual([track]);
    expect(voicesOf('phone', true)).toEqual([null]);
    expect(voicesOf('browser', false)).toEqual([null]);
  });
});

describe('the arrangement', () => {
  const three = [person('a'), person('b'), person('c')];

  it('is a grid of equals by default', () => {
    const { featured, tiles } = arrange(roomState({ self: 'a', participants: three }), wishes);
    expect([featured, keys(tiles)]).toEqual([null, ['a', 'b', 'c']]);
  });

  it('gives the stage to a screen of somebody else, yet not to one’s own', () => {
    const state = { participants: three, publications: [screen('b')] };
    expect(arrange(roomState({ ...state, self: 'a' }), wishes).featured?.key).toBe('b screen');
    expect(arrange(roomState({ ...state, self: 'b' }), wishes).featured).toBeNull();
  });

  it('puts what is pinned before any screen', () => {
    const state = roomState({ self: 'a', participants: three, publications: [screen('b')] });
    const { featured, tiles } = arrange(state, { ...wishes, pinned: 'c' });
    expect([featured?.key, keys(tiles)]).toEqual(['c', ['b screen', 'a', 'b']]);
  });

  it('shows whom a host shows to everybody, or their screen, unless something else is pinned', () => {
    const room = roomInfo({ spotlight: 'c' });
    const state = roomState({ self: 'a', participants: three, publications: [screen('b')], room });
    expect(arrange(state, wishes).featured).toMatchObject({ key: 'c', isSpotlit: true });
    expect(arrange(state, { ...wishes, pinned: 'b' }).featured?.key).toBe('b');
    const sharing = { ...state, publications: [screen('c'), screen('b')] };
    expect(arrange(sharing, wishes).featured?.key).toBe('c screen');
  });

  it('has no place for those who only watch, unless a host shows them or nobody else is there', () => {
    const watching = person('c', { role: 'viewer' });
    const participants = [person('a'), person('b'), watching];
    expect(keys(arrange(roomState({ self: 'a', participants }), wishes).tiles)).toEqual(['b']);
    expect(keys(arrange(roomState({ self: 'c', participants }), wishes).tiles)).toEqual(['a', 'b']);
    const spotlit = roomState({ self: 'a', participants, room: roomInfo({ spotlight: 'c' }) });
    expect(arrange(spotlit, wishes).featured?.key).toBe('c');
    expect(keys(arrange(roomState({ self: 'c', participants: [watching] }), wishes).tiles)).toEqual(['c']);
  });

  it('forgets a pin whose tile is gone', () => {
    expect(arrange(roomState({ participants: three }), { ...wishes, pinned: 'gone' }).featured).toBeNull();
  });

  it('shows the speaker in front, else the first of the others, and never oneself alone', () => {
    const state = roomState({ self: 'a', participants: three });
    const inFront = (speaker: string | null): string | undefined =>
      arrange(state, { ...wishes, layout: 'speaker', speaker }).featured?.key;
    expect([inFront('c'), inFront(null), inFront('gone')]).toEqual(['c', 'b', 'b']);
    const alone = roomState({ self: 'a', participants: [person('a')] });
    expect(arrange(alone, { ...wishes, layout: 'speaker' }).featured).toBeNull();
  });

  it('moves one’s own picture to a corner in a conversation of two', () => {
    const { tiles, corner } = arrange(roomState({ self: 'a', participants: three.slice(0, 2) }), wishes);
    expect([keys(tiles), corner?.key]).toEqual([['b'], 'a']);
  });

  it('hides one’s own picture on request, unless nobody else is there', () => {
    const shown = (count: number): string[] =>
      keys(
        arrange(roomState({ self: 'a', participants: three.slice(0, count) }), { ...wishes, showSelf: false })
          .tiles,
      );
    expect([shown(3), shown(1)]).toEqual([['b', 'c'], ['a']]);
  });
});

describe('a speaker on a later page', () => {
  const { people } = tilesOf(
    roomState({ self: 'a', participants: ['a', 'b', 'c', 'd', 'e'].map((id) => person(id)) }),
  );

  it('takes the place of whoever on the first page has been silent for longest', () => {
    const order = bringForward(
      people,
      3,
      new Map([
        ['b', 10],
        ['c', 5],
        ['e', 20],
      ]),
    );
    expect(keys(order)).toEqual(['a', 'b', 'e', 'd', 'c']);
  });

  it('moves nobody who is more recent, and never oneself', () => {
    const spoke = new Map([
      ['b', 30],
      ['c', 40],
      ['e', 20],
    ]);
    expect(keys(bringForward(people, 3, spoke))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(keys(bringForward(people, 1, new Map([['e', 1]])))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
