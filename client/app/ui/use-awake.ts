import { useEffect } from 'react';

/** Keeps the screen of a telephone from going dark while somebody watches, where the browser can. */
export function useAwake(): void {
  useEffect(() => {
    // Absent on plain HTTP and in older browsers, whatever the types say.
    if (!('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | null = null;
    let isOver = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        const held = await navigator.wakeLock.request('screen');
        if (isOver) await held.release();
        else lock = held;
      } catch {
        // Refused, for instance when the battery is low: the screen goes dark as it always does.
      }
    };
    // The browser lets go of it with every look away.
    const onVisibility = (): void => void hold();
    document.addEventListener('visibilitychange', onVisibility);
    void hold();
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', onVisibility);
      void lock?.release();
    };
  }, []);
}
