import { useEffect } from 'react';
import type { RoomActions } from '../actions.ts';
import { shortcutFor, takesKeys } from '../keys.ts';
import type { ViewChanges } from '../use-room-view.ts';

/** Single keys for what is used often. @param isEnabled they can be turned off in the settings */
export function useShortcuts(actions: RoomActions, changes: ViewChanges, isEnabled: boolean): void {
  useEffect(() => {
    if (!isEnabled) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || takesKeys(event.target)) return;
      const shortcut = shortcutFor(event);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run(actions, changes, event.key.toLowerCase());
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [actions, changes, isEnabled]);
}
