/** Which keys do what in a room, and when a key is meant for something else. */
import type { PlainTextKey } from '../i18n/text.ts';
import type { RoomActions } from './actions.ts';
import type { ViewChanges } from './use-room-view.ts';

export interface Shortcut {
  /** As in `KeyboardEvent.key`, lower case. */
  readonly keys: readonly string[];
  readonly name: PlainTextKey;
  readonly run: (actions: RoomActions, changes: ViewChanges, key: string) => void;
}

/** In the order in which the dialog lists them. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['m'], name: 'shortcuts.microphone', run: (actions) => actions.toggleMicrophone() },
  { keys: ['v'], name: 'shortcuts.camera', run: (actions) => actions.toggleCamera() },
  { keys: ['s'], name: 'shortcuts.screen', run: (actions) => actions.toggleScreen() },
  { keys: ['h'], name: 'shortcuts.hand', run: (actions) => actions.toggleHand() },
  { keys: ['c'], name: 'shortcuts.chat', run: (_, changes) => changes.togglePanel('chat') },
  { keys: ['p'], name: 'shortcuts.people', run: (_, changes) => changes.togglePanel('people') },
  { keys: ['i'], name: 'shortcuts.stats', run: (_, changes) => changes.togglePanel('stats') },
  { keys: ['l'], name: 'shortcuts.layout', run: (_, changes) => changes.toggleLayout() },
  { keys: ['f'], name: 'shortcuts.fullScreen', run: (actions) => actions.toggleFullScreen() },
  {
    keys: ['arrowleft', 'arrowright'],
    name: 'shortcuts.pages',
    run: (_, changes, key) => changes.turnPage(key === 'arrowright' ? 1 : -1),
  },
  { keys: ['?'], name: 'shortcuts.help', run: (_, changes) => changes.setDialog({ name: 'shortcuts' }) },
];

/** The shortcut that a key stands for; none when another modifier than Shift is held. */
export function shortcutFor({
  key,
  ctrlKey,
  metaKey,
  altKey,
  repeat,
}: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>): Shortcut | undefined {
  if (ctrlKey || metaKey || altKey || repeat) return undefined;
  return SHORTCUTS.find(({ keys }) => keys.includes(key.toLowerCase()));
}

/** Whether what has the focus takes letters, arrows or the space bar itself. */
export function takesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, dialog, [contenteditable="true"], [role="menu"]') !== null
  );
}
