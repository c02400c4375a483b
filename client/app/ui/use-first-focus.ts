import { useEffect, useRef, type RefObject } from 'react';

/**
 * For a new screen's heading, with `tabIndex={-1}`: takes the focus, so that a screen reader begins there and not
 * where the last screen was.
 */
export function useFirstFocus<E extends HTMLElement>(): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}
