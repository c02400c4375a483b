import { useSyncExternalStore } from 'react';

/** Telephones of one maker have it for videos only. */
export function canFullScreen(): boolean {
  return document.fullscreenEnabled;
}

/** Shows an element in full screen, or leaves it. A browser that refuses stays as it is. */
export async function toggleFullScreen(element: Element = document.documentElement): Promise<void> {
  try {
    if (document.fullscreenElement === element) await document.exitFullscreen();
    else await element.requestFullscreen();
  } catch (error) {
    // Refused, for instance in a frame: nothing was promised.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Whether anything is in full screen. */
export function useFullScreen(): boolean {
  return useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
}
