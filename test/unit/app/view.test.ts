import { describe, expect, it } from 'vitest';
import { openingView } from '../../../client/app/room/view/opening-view.ts';
import type { Opening } from '../../../client/app/room/view/opening-view.ts';
import { viewOf } from '../../../client/app/room/view/view.ts';
import type { Showing, ViewConditions } from '../../../client/app/room/view/view.ts';
import { camera, person, roomState, screen } from './room-state.ts';

const conditions: ViewConditions = { isPageVisible: true, soundOnly: false, pinned: null };
const showing = (change: Partial<Showing> = {}): Showing => ({
  publicationId: 'p',
  width: 320,
  height: 180,
  isInSight: true,
  inOwnWindow: false,
  ...change,
});
const shown = (showings: Showing[], change: Partial<ViewConditions> = {}): string[] =>
  viewOf(showings, { ...conditions, ...change }).videos.map(
    ({ publicationId, width, height }) => `${publicationId} ${width}x${height}`,
  );

describe('the view', () => {
  it('has what is in sight, in whole pixels', () => {
    expect(shown([showing({ width: 319.6 })])).toEqual(['p 320x180']);
  });

  it('leaves out what is scrolled away or has no size', () => {
    expect(shown([showing({ isInSight: false }), showing({ height: 0.2 })])).toEqual([]);
  });

  it('is empty in a hidden page, but for a picture in a window of its own', () => {
    const showings = [showing(), showing({ publicationId: 'q', inOwnWindow: true, isInSight: false })];
    expect(shown(showings, { isPageVisible: false })).toEqual(['q 320x180']);
  });

  it('is empty when only sound is wanted', () => {
    expect(shown([showing()], { soundOnly: true })).toEqual([]);
  });

  it('counts what is shown twice once, with its larger picture', () => {
    expect(shown([showing(), showing({ width: 640, height: 360 }), showing({ width: 64 })])).toEqual([
      'p 640x360',
    ]);
  });

  it('tells what is pinned only while it is on display', () => {
    expect(viewOf([showing()], { ...conditions, pinned: 'p' }).pinned).toBe('p');
    expect(viewOf([showing()], { ...conditions, pinned: 'q' }).pinned).toBeNull();
  });

  it('stays within what the contract takes', () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      showing({ publicationId: `p${index}`, width: 1e6 }),
    );
    const { videos } = viewOf(many, conditions);
    expect([videos.length, videos[0]?.width]).toEqual([100, 16_384]);
  });
});

describe('the view of a room that has just been entered', () => {
  const opening: Opening = {
    ...{ layout: 'grid', showSelf: true, width: 1280, height: 720, scale: 1, isPageVisible: true },
  };
  const ids = ['a', 'b', 'c', 'd'];
  const room = roomState({
    participants: ids.map((id) => person(id)),
    publications: ids.map((id) => camera(id)),
  });
  const opened = (state = room, change: Partial<Opening> = {}) =>
    openingView(state, { ...opening, ...change });

  it('has the cameras of all others, as large as their tiles will be', () => {
    const { videos, pinned } = opened();
    expect(videos.map(({ publicationId }) => publicationId)).toEqual(['b camera', 'c camera', 'd camera']);
    expect(videos.every(({ width, height }) => width > 600 && height > 340 && height < 360)).toBe(true);
    expect(pinned).toBeNull();
    expect(opened(room, { scale: 2 }).videos[0]?.width).toBe(2 * videos[0]!.width);
  });

  it('puts a shared screen in front', () => {
    const { videos, pinned } = opened({ ...room, publications: [...room.publications, screen('b')] });
    expect(videos[0]).toEqual({ publicationId: 'b screen', width: 1280, height: 720 });
    expect(videos[1]?.width).toBeLessThan(320);
    expect(pinned).toBe('b screen');
  });

  it('has only what fits on the first page, and nothing in a hidden page', () => {
    const many = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const crowd = roomState({
      self: 'p0',
      participants: many.map((id) => person(id)),
      publications: many.map((id) => camera(id)),
    });
    expect(opened(crowd).videos.length).toBeLessThan(25);
    expect(opened(crowd, { isPageVisible: false }).videos).toEqual([]);
  });
});
