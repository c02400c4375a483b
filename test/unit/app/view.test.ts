import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../client/app/room/view/view.ts';
import type { Showing, ViewConditions } from '../../../client/app/room/view/view.ts';

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
