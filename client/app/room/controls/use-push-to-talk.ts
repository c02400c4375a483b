import { useEffect, useState } from 'react';
import type { RoomActions } from '../actions.ts';
import { takesKeys } from '../keys.ts';

/** While muted, holding the space bar unmutes. @returns whether it is held now */
export function usePushToTalk(actions: RoomActions): boolean {
  const [isTalking, setTalking] = useState(false);

  useEffect(() => {
    const ending = new AbortController();
    const options = { signal: ending.signal };
    let isHeld = false;
    let isFocusByKeyboard = false;

    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      setTalking(false);
      void actions.setMicrophone(false);
    };
    // What was reached by keyboard is pressed by the space bar; what was clicked has done its work.
    const isMeantForFocus = (target: EventTarget | null): boolean =>
      takesKeys(target) ||
      (isFocusByKeyboard && target instanceof Element && target.closest('button, a, summary') !== null);

    document.addEventListener('pointerdown', () => (isFocusByKeyboard = false), options);
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Tab') isFocusByKeyboard = true;
        if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
        if (isHeld) event.preventDefault();
        if (isHeld || event.repeat || event.defaultPrevented || isMeantForFocus(event.target)) return;
        event.preventDefault();
        if (actions.isMicrophoneOn) return;
        isHeld = true;
        setTalking(true);
        void actions.setMicrophone(true);
      },
      options,
    );
    document.addEventListener(
      'keyup',
      (event) => {
        if (event.key !== ' ' || !isHeld) return;
        event.preventDefault();
        release();
      },
      options,
    );
    // Let go of elsewhere, the key's end is never told.
    window.addEventListener('blur', release, options);
    document.addEventListener('visibilitychange', release, options);
    return () => {
      ending.abort();
      release();
    };
  }, [actions]);

  return isTalking;
}
