/** Holds one immutable value; listeners hear of changes once for each batch. */
export class Store<T> {
  #value: T;
  #batchDepth = 0;
  #changed = false;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** @param change returns the same object when nothing is new */
  update(change: (value: T) => T): void {
    const value = change(this.#value);
    if (value === this.#value) return;
    this.#value = value;
    this.#changed = true;
    if (this.#batchDepth === 0) this.#notify();
  }

  /** Changes made within `run` are told as one. */
  batch(run: () => void): void {
    this.#batchDepth += 1;
    try {
      run();
    } finally {
      this.#batchDepth -= 1;
      if (this.#batchDepth === 0 && this.#changed) this.#notify();
    }
  }

  /** @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    this.#changed = false;
    for (const listener of [...this.#listeners]) callApart(listener);
  }
}

/** Calls code of the app: what it throws is its own, shown as uncaught, and stops nothing here. */
export function callApart(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
