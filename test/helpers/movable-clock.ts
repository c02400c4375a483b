import type { Clock } from '../../server/conference/ports.ts';

/** Time that passes when it is told to. */
export class MovableClock implements Clock {
  #now = Date.now();
  readonly #waiting = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const entry = { at: this.#now + delayMs, callback };
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const entry of this.#waiting) {
      if (entry.at > this.#now) continue;
      this.#waiting.delete(entry);
      entry.callback();
    }
  }
}
