/** A wait that can be cut short. */
export class Pause {
  #finish: (() => void) | null = null;
  #hurried = false;

  /** One at a time. Returns at once when it was hurried since the last one. */
  wait(delayMs: number): Promise<void> {
    if (this.#hurried) {
      this.#hurried = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#finish?.(), delayMs);
      this.#finish = () => {
        clearTimeout(timer);
        this.#finish = null;
        resolve();
      };
    });
  }

  /** Ends the wait, or spares the next one. */
  hurry(): void {
    if (this.#finish) this.#finish();
    else this.#hurried = true;
  }
}
