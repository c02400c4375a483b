/** A small typed event emitter. */
import { callApart } from './store.ts';

type Listeners<Events> = { [E in keyof Events]?: Set<(value: Events[E]) => void> };

export class Emitter<Events extends object> {
  readonly #listeners: Listeners<Events> = {};

  /** @returns the function that ends it */
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void {
    const listeners = (this.#listeners[event] ??= new Set<(value: Events[E]) => void>());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const listener of [...(this.#listeners[event] ?? [])]) callApart(() => listener(value));
  }
}
