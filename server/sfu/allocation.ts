/**
 * Which layers a receiver gets of each picture that it shows, and who goes first when bandwidth is short.
 * Within that, mediasoup's bandwidth estimation gives each picture what the downlink carries.
 */
import type { PublicationId, Source } from '../conference/model.ts';
import type { View } from '../signalling/contract.ts';

/** What is known of a picture that can be shown. */
export interface Picture {
  id: PublicationId;
  source: Source;
  /** Whether its sender is the dominant speaker. */
  dominant: boolean;
  spatialLayers: number;
  temporalLayers: number;
}

export interface Allocation {
  spatialLayer: number;
  temporalLayer: number;
  priority: number;
}

/**
 * Short side of the highest layer, in pixels, as clients send it. Each layer below has half of it.
 */
const FULL_SIDE = { camera: 720, screen: 1080 } as const;

/**
 * Part of the displayed size that a layer must have. Higher: sharper pictures for more bandwidth. Lower: pictures
 * are scaled up more before the next layer is taken.
 */
const SHARP_ENOUGH = 0.75;

/**
 * Below this short side in device pixels, motion is given half of its frame rate. Higher: cheaper overviews,
 * with visible stutter. Lower: smooth stamps that nobody looks at.
 */
const STAMP_SIDE = 120;

/**
 * mediasoup gives each picture its lowest layer in this order, then goes round from the top and lets each take
 * up to its priority in further layers. With three spatial and three temporal layers, from 9 on one takes all
 * it can before the next has its turn.
 */
const PRIORITY = { screen: 60, pinned: 40, dominant: 20, other: 1 } as const;

/** @returns an allocation for each picture of the view that can be shown; what is not in it gets nothing */
export function allocate(
  view: View,
  pictures: ReadonlyMap<PublicationId, Picture>,
): Map<PublicationId, Allocation> {
  const allocations = new Map<PublicationId, Allocation>();
  for (const { publicationId, width, height } of view.videos) {
    const picture = pictures.get(publicationId);
    // The short side, as a picture may be upright and its frame may be wider than it.
    const side = Math.min(width, height);
    if (!picture || side === 0) continue;
    allocations.set(publicationId, {
      spatialLayer: spatialLayerFor(picture, side),
      temporalLayer: temporalLayerFor(picture, side),
      priority: priorityOf(picture, view.pinned),
    });
  }
  return allocations;
}

function spatialLayerFor({ source, spatialLayers }: Picture, side: number): number {
  const highest = spatialLayers - 1;
  const fullSide = source === 'screen' ? FULL_SIDE.screen : FULL_SIDE.camera;
  for (let layer = 0; layer < highest; layer += 1) {
    if (fullSide / 2 ** (highest - layer) >= side * SHARP_ENOUGH) return layer;
  }
  return highest;
}

function temporalLayerFor({ source, temporalLayers }: Picture, side: number): number {
  const highest = temporalLayers - 1;
  return source === 'camera' && side < STAMP_SIDE ? Math.max(0, highest - 1) : highest;
}

function priorityOf({ id, source, dominant }: Picture, pinned: PublicationId | null): number {
  if (source === 'screen') return PRIORITY.screen;
  if (id === pinned) return PRIORITY.pinned;
  return dominant ? PRIORITY.dominant : PRIORITY.other;
}
