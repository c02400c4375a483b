/** What the server has to send pictures of: decided from what is on display. */
import type { PublicationId, View } from '../../../sdk/types.ts';

/** A place on some screen where a publication's picture is shown. */
export interface Showing {
  publicationId: PublicationId;
  /** Device pixels. */
  width: number;
  height: number;
  /** False while it is scrolled out of sight. */
  isInSight: boolean;
  /** In a window of its own, that is seen even while the page is not. */
  inOwnWindow: boolean;
}

export interface ViewConditions {
  isPageVisible: boolean;
  /** The participant wants no pictures. */
  soundOnly: boolean;
  pinned: PublicationId | null;
}

/** The largest size that the contract takes. */
const MAX_PIXELS = 16_384;
const MAX_VIDEOS = 100;

/** A publication that is shown twice counts with its larger picture. */
export function viewOf(showings: Iterable<Showing>, conditions: ViewConditions): View {
  const videos = new Map<PublicationId, View['videos'][number]>();
  for (const showing of conditions.soundOnly ? [] : showings) {
    const isSeen = showing.inOwnWindow || (conditions.isPageVisible && showing.isInSight);
    const width = toPixels(showing.width);
    const height = toPixels(showing.height);
    if (!isSeen || width === 0 || height === 0) continue;
    const { publicationId } = showing;
    const other = videos.get(publicationId);
    if (!other || other.width * other.height < width * height)
      videos.set(publicationId, { publicationId, width, height });
  }
  const list = [...videos.values()].slice(0, MAX_VIDEOS);
  const { pinned } = conditions;
  return { videos: list, pinned: pinned !== null && videos.has(pinned) ? pinned : null };
}

function toPixels(length: number): number {
  return Math.min(MAX_PIXELS, Math.max(0, Math.round(length)));
}
