import type { PublicationId, View } from '../../../sdk/types.ts';
import { viewOf, type Showing, type ViewConditions } from './view.ts';

/** Safari has no device pixel box; the scale gives the same but for rounding. */
type ResizeEntry = Pick<ResizeObserverEntry, 'target' | 'contentRect'> &
  Partial<Pick<ResizeObserverEntry, 'devicePixelContentBoxSize'>>;

/** Watches all places where pictures are shown, and reports each change of what is on display. */
export class ViewReporter {
  readonly #report: (view: View) => void;
  readonly #showings = new Map<Element, Showing>();
  readonly #sizes: ResizeObserver;
  readonly #sight: IntersectionObserver;
  #wishes: Omit<ViewConditions, 'isPageVisible'> = { soundOnly: false, pinned: null };
  #lastReport = '';
  #isScheduled = false;
  #isClosed = false;

  constructor(report: (view: View) => void) {
    this.#report = report;
    this.#sizes = new ResizeObserver((entries) => {
      for (const entry of entries) this.#resize(entry);
    });
    this.#sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) this.#change(target, { isInSight: isIntersecting });
    });
    document.addEventListener('visibilitychange', this.#schedule);
  }

  /**
   * Tells that an element shows a publication.
   * @returns the function that ends it
   */
  show(publicationId: PublicationId, element: Element, inOwnWindow = false): () => void {
    const { width, height } = element.getBoundingClientRect();
    const scale = (element.ownerDocument.defaultView ?? window).devicePixelRatio;
    this.#showings.set(element, {
      publicationId,
      width: width * scale,
      height: height * scale,
      isInSight: true,
      inOwnWindow,
    });
    this.#sizes.observe(element);
    if (!inOwnWindow) this.#sight.observe(element);
    this.#schedule();
    return () => {
      this.#sizes.unobserve(element);
      this.#sight.unobserve(element);
      this.#showings.delete(element);
      this.#schedule();
    };
  }

  /** Tells that an element's picture is seen in a window of its own, or no longer. */
  setInOwnWindow(element: Element, inOwnWindow: boolean): void {
    this.#change(element, { inOwnWindow });
  }

  setWishes(wishes: Omit<ViewConditions, 'isPageVisible'>): void {
    this.#wishes = wishes;
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#sizes.disconnect();
    this.#sight.disconnect();
    document.removeEventListener('visibilitychange', this.#schedule);
  }

  #resize({ target, contentRect, devicePixelContentBoxSize: box }: ResizeEntry): void {
    const scale = (target.ownerDocument.defaultView ?? window).devicePixelRatio;
    this.#change(target, {
      width: box?.[0]?.inlineSize ?? contentRect.width * scale,
      height: box?.[0]?.blockSize ?? contentRect.height * scale,
    });
  }

  #change(element: Element, change: Partial<Showing>): void {
    const showing = this.#showings.get(element);
    if (!showing) return;
    this.#showings.set(element, { ...showing, ...change });
    this.#schedule();
  }

  /** Several changes of one layout make one report. A microtask, as timers and frames sleep in hidden tabs. */
  #schedule = (): void => {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.#isClosed) return;
      const isPageVisible = document.visibilityState === 'visible';
      const view = viewOf(this.#showings.values(), { ...this.#wishes, isPageVisible });
      const report = JSON.stringify(view);
      if (report === this.#lastReport) return;
      this.#lastReport = report;
      this.#report(view);
    });
  };
}
