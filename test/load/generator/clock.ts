/** One timer for all that is sent: a timer for each of a thousand streams would be what is measured. */

/** How often is looked what is due, in ms. Higher: fewer wake-ups, and packets in larger bursts. */
const TICK_MS = 5;
/** Part of its interval by which each is later than the one before: never two near each other for long. */
const SPREAD = (Math.sqrt(5) - 1) / 2;

interface Entry {
  readonly intervalMs: number;
  readonly due: (now: number) => void;
  nextAt: number;
}

export class SendClock {
  readonly #entries = new Set<Entry>();
  #added = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Calls back each `intervalMs`; what was missed is made up for at once. @returns the function that ends it */
  each(intervalMs: number, due: (now: number) => void): () => void {
    const phase = (this.#added++ * SPREAD) % 1;
    const entry = { intervalMs, due, nextAt: performance.now() + phase * intervalMs };
    this.#entries.add(entry);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return () => {
      this.#entries.delete(entry);
      if (this.#entries.size > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  #tick(): void {
    const now = performance.now();
    for (const entry of this.#entries) {
      while (entry.nextAt <= now && this.#entries.has(entry)) {
        entry.due(performance.now());
        entry.nextAt += entry.intervalMs;
      }
    }
  }
}
