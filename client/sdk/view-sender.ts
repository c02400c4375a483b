/** Tells the server what is on display: at once when something is new after a while, else at a bounded rate. */
import type { View } from './types.ts';

/** Higher: fewer messages while a layout is dragged. Lower: the right layers come sooner. */
const VIEW_INTERVAL_MS = 150;
/** Pause after a view that the server did not take. */
const VIEW_RETRY_MS = 1_000;

const MAX_VIDEOS = 100;
const MAX_SIDE = 16_384;

/** Time, so that tests can move it. */
export interface Timer {
  /** Milliseconds from any origin; never goes back. */
  now(): number;
  /** @returns the function that cancels it */
  after(delayMs: number, callback: () => void): () => void;
}

export const browserTimer: Timer = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export class ViewSender {
  readonly #send: (view: View) => Promise<unknown>;
  readonly #timer: Timer;
  #wanted: View | null = null;
  /** What the server has, as far as this end knows. */
  #sent: View | null = null;
  #notBefore = 0;
  #cancel: (() => void) | null = null;
  #running = false;

  /** @param send may reject: the view is sent again after a while, unless it is stopped */
  constructor(send: (view: View) => Promise<unknown>, timer: Timer = browserTimer) {
    this.#send = send;
    this.#timer = timer;
  }

  /** The last view that was asked for, fit to be sent. */
  get view(): View | null {
    return this.#wanted;
  }

  set(view: View): void {
    this.#wanted = normalizeView(view);
    this.#schedule();
  }

  /** @param sent the view that the server has already */
  start(sent: View | null): void {
    this.#running = true;
    this.#sent = sent;
    this.#schedule();
  }

  /** Until the next `start` views are only remembered. */
  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(): void {
    if (!this.#running || this.#cancel || !this.#wanted || isSameView(this.#wanted, this.#sent)) return;
    const wait = this.#notBefore - this.#timer.now();
    if (wait <= 0) this.#flush(this.#wanted);
    else
      this.#cancel = this.#timer.after(wait, () => {
        this.#cancel = null;
        this.#schedule();
      });
  }

  #flush(view: View): void {
    this.#sent = view;
    this.#notBefore = this.#timer.now() + VIEW_INTERVAL_MS;
    this.#send(view).catch(() => {
      // Told by the connection when it is lost; a refusal for being too fast passes by waiting.
      if (this.#sent !== view) return;
      this.#sent = null;
      this.#notBefore = this.#timer.now() + VIEW_RETRY_MS;
      this.#schedule();
    });
  }
}

/** Whole pixels within the contract's limits, the first of too many pictures. */
export function normalizeView({ videos, pinned }: View): View {
  return {
    videos: videos.slice(0, MAX_VIDEOS).map(({ publicationId, width, height }) => ({
      publicationId,
      width: toSide(width),
      height: toSide(height),
    })),
    pinned,
  };
}

/** The order of the pictures does not count as a difference where their number is the same. */
export function isSameView(a: View, b: View | null): boolean {
  if (!b || a.pinned !== b.pinned || a.videos.length !== b.videos.length) return false;
  const sizes = new Map(
    b.videos.map(({ publicationId, width, height }) => [publicationId, `${width}x${height}`]),
  );
  return a.videos.every(
    ({ publicationId, width, height }) => sizes.get(publicationId) === `${width}x${height}`,
  );
}

function toSide(pixels: number): number {
  return Number.isFinite(pixels) ? Math.min(MAX_SIDE, Math.max(0, Math.round(pixels))) : 0;
}
