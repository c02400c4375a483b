import { useSyncExternalStore } from 'react';

/** Anything with a state and listeners: our own, and the room client. */
interface Observed<T> {
  readonly state: T;
  subscribe(listener: () => void): () => void;
}

/** The state as it is now; renders again when it changes. */
export function useObservable<T>(observed: Observed<T>): T {
  return useSyncExternalStore(
    (listener) => observed.subscribe(listener),
    () => observed.state,
  );
}
