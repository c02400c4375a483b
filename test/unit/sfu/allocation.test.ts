import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../server/sfu/allocation.ts';
import type { Picture } from '../../../server/sfu/allocation.ts';

const camera = (id: string, more: Partial<Picture> = {}): Picture => ({
  id,
  source: 'camera',
  dominant: false,
  spatialLayers: 3,
  temporalLayers: 3,
  ...more,
});

const screen = (id: string, more: Partial<Picture> = {}): Picture =>
  camera(id, { source: 'screen', spatialLayers: 1, temporalLayers: 1, ...more });

function allocateOne(picture: Picture, width: number, height: number, pinned: string | null = null) {
  const view = { videos: [{ publicationId: picture.id, width, height }], pinned };
  return allocate(view, new Map([[picture.id, picture]])).get(picture.id);
}

describe('allocate', () => {
  it.each([
    [160, 90, 0],
    [320, 180, 0],
    [426, 240, 0],
    [480, 270, 1],
    [640, 360, 1],
    [853, 480, 1],
    [960, 540, 2],
    [1280, 720, 2],
    [3840, 2160, 2],
  ])('shows a camera at %i x %i in layer %i', (width, height, layer) => {
    expect(allocateOne(camera('c'), width, height)?.spatialLayer).toBe(layer);
  });

  it('measures an upright picture by its short side', () => {
    expect(allocateOne(camera('c'), 180, 320)?.spatialLayer).toBe(0);
  });

  it('gives stamps half the frame rate, and nothing else', () => {
    expect(allocateOne(camera('c'), 160, 90)?.temporalLayer).toBe(1);
    expect(allocateOne(camera('c'), 320, 180)?.temporalLayer).toBe(2);
    expect(allocateOne(camera('c', { temporalLayers: 1 }), 160, 90)?.temporalLayer).toBe(0);
  });

  it('gives a camera of one layer that layer', () => {
    expect(allocateOne(camera('c', { spatialLayers: 1 }), 1280, 720)?.spatialLayer).toBe(0);
  });

  it('leaves out what is not shown or not there', () => {
    expect(allocateOne(camera('c'), 320, 0)).toBeUndefined();
    expect(
      allocate({ videos: [{ publicationId: 'x', width: 9, height: 9 }], pinned: null }, new Map()),
    ).toEqual(new Map());
  });

  it('serves a shared screen before the pinned, the pinned before the dominant, the dominant before others', () => {
    const priorities = [
      allocateOne(screen('s'), 320, 180),
      allocateOne(camera('c'), 320, 180, 'c'),
      allocateOne(camera('c', { dominant: true }), 320, 180),
      allocateOne(camera('c'), 320, 180),
    ].map((allocation) => allocation?.priority ?? 0);
    expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
    expect(new Set(priorities).size).toBe(4);
  });

  it('never asks for a layer that is not there, nor for less in a larger frame', () => {
    const side = fc.integer({ min: 1, max: 4_000 });
    const picture = fc.record({
      source: fc.constantFrom('camera' as const, 'screen' as const),
      spatialLayers: fc.integer({ min: 1, max: 3 }),
      temporalLayers: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(picture, side, side, (layers, a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a];
        const inSmall = allocateOne(camera('c', layers), small, small);
        const inLarge = allocateOne(camera('c', layers), large, large);
        expect(inSmall?.spatialLayer).toBeLessThanOrEqual(inLarge?.spatialLayer ?? -1);
        expect(inLarge?.spatialLayer).toBeLessThan(layers.spatialLayers);
        for (const allocation of [inSmall, inLarge]) {
          expect(allocation?.temporalLayer).toBeGreaterThanOrEqual(0);
          expect(allocation?.temporalLayer).toBeLessThan(layers.temporalLayers);
        }
      }),
    );
  });
});
