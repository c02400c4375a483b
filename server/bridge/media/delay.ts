/**
 * How long a voice's packets are to be held: as long as nearly all of them need to be there in time. Pure.
 *
 * A packet's transit is when it came less what its timestamp says; as the two clocks have nothing to do with each
 * other, only differences of transits mean something. The quickest of the last seconds stands for "no jitter", and
 * follows the drift of the clocks; the others' distance from it goes into a histogram that forgets slowly.
 */

/** The goals of issue and ear: below, each little jitter is heard; above, people talk into each other. */
const LEAST_MS = 40;
const MOST_MS = 200;
/** Part of the packets that is there in time. Higher: fewer gaps. Lower: less delay on bad networks. */
const IN_TIME = 0.97;
/** A packet that comes right after a tick waits for the next one, in ms. */
const TICK_MS = 20;
const BIN_MS = 5;
const BINS = MOST_MS / BIN_MS + 1;
/** What a packet's place in the histogram loses by each later one: half of it within some 7 s of speech. */
const FORGET = 0.998;
/** Transits whose quickest counts, twice as many at most. Fewer: follows drift sooner. */
const WINDOW_PACKETS = 100;

export class DelayEstimate {
  readonly #bins = new Float32Array(BINS);
  #observed = 0;
  #quickest = Infinity;
  #quickestBefore = Infinity;
  #inWindow = 0;
  #targetMs = LEAST_MS;

  /** Of the last packets, in ms. */
  get quickestMs(): number {
    return Math.min(this.#quickest, this.#quickestBefore);
  }

  /** How long a packet without jitter is to be held, in ms. */
  get targetMs(): number {
    return this.#targetMs;
  }

  restart(): void {
    this.#quickest = Infinity;
    this.#quickestBefore = Infinity;
    this.#inWindow = 0;
  }

  observe(transitMs: number): void {
    if (this.#inWindow >= WINDOW_PACKETS) {
      this.#quickestBefore = this.#quickest;
      this.#quickest = Infinity;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    this.#quickest = Math.min(this.#quickest, transitMs);
    const bin = Math.min(BINS - 1, Math.floor((transitMs - this.quickestMs) / BIN_MS));
    this.#observed += 1;
    // The first packets count as much as their number allows, so that the estimate is soon there.
    const keep = Math.min(FORGET, 1 - 1 / (this.#observed + 1));
    for (let i = 0; i < BINS; i += 1) this.#bins[i] = (this.#bins[i] ?? 0) * keep;
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1 - keep;
    this.#targetMs = Math.min(MOST_MS, Math.max(LEAST_MS, this.#needed() + TICK_MS));
  }

  #needed(): number {
    let total = 0;
    for (const part of this.#bins) total += part;
    let sum = 0;
    for (let i = 0; i < BINS; i += 1) {
      sum += this.#bins[i] ?? 0;
      if (sum >= total * IN_TIME) return (i + 1) * BIN_MS;
    }
    return MOST_MS;
  }
}
