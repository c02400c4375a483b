/** A value with listeners, as `useSyncExternalStore` likes it: what keeps state outside of components extends it. */
export class Observable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get state(): T {
    return this.#value;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  protected set(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}
