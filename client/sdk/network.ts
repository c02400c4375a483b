/** Notices from the browser that the way to the server may be another one now, or that the page was asleep. */

export interface NetworkListener {
  /** Online, offline, or from Wi-Fi to mobile. */
  changed(): void;
  /** The page has run again after a pause: a laptop that slept, a tab that was frozen. */
  woke(): void;
  /** The page is about to be closed. */
  leaving(): void;
}

/** Higher: cheaper. Lower: sleep is noticed sooner after waking. */
const TICK_MS = 2_000;
/** A tick that comes so much late means sleep; busy pages and throttled tabs are less late. */
const SLEEP_MS = 8_000;

/** @returns the function that ends it */
export function watchNetwork(listener: NetworkListener): () => void {
  const ending = new AbortController();
  const { signal } = ending;

  window.addEventListener('online', () => listener.changed(), { signal });
  window.addEventListener('offline', () => listener.changed(), { signal });
  window.addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (persisted) listener.woke();
    },
    { signal },
  );
  window.addEventListener(
    'pagehide',
    ({ persisted }) => {
      if (!persisted) listener.leaving();
    },
    { signal },
  );

  // Only Chromium has it, and fires it for estimates of speed as well.
  const connection: unknown = 'connection' in navigator ? navigator.connection : null;
  if (connection instanceof EventTarget) {
    const typeNow = () => ('type' in connection ? connection.type : null);
    let type = typeNow();
    const onChange = () => {
      if (typeNow() === type) return;
      type = typeNow();
      listener.changed();
    };
    connection.addEventListener('change', onChange, { signal });
  }

  let last = Date.now();
  const ticking = setInterval(() => {
    const now = Date.now();
    if (now - last > SLEEP_MS) listener.woke();
    last = now;
  }, TICK_MS);

  return () => {
    ending.abort();
    clearInterval(ticking);
  };
}
