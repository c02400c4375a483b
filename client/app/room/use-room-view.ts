import { useMemo, useState } from 'react';
import type { ChatAudience, ParticipantId } from '../../sdk/types.ts';
import { preferences, setPreferences } from '../preferences/preferences.ts';

export type PanelName = 'chat' | 'people' | 'stats';
export type Dialog =
  | { readonly name: 'settings' | 'shortcuts' | 'room-settings' | 'invite' | 'call' | 'end' }
  /** About somebody, who may leave while it is open. */
  | { readonly name: 'rename' | 'remove' | 'ban'; readonly participantId: ParticipantId };

export interface ViewChanges {
  readonly setPanel: (panel: PanelName | null) => void;
  readonly togglePanel: (panel: PanelName) => void;
  readonly setDialog: (dialog: Dialog | null) => void;
  /** Opens the chat for a message to somebody. */
  readonly writeTo: (audience: ChatAudience) => void;
  readonly setLayout: (layout: 'grid' | 'speaker') => void;
  readonly toggleLayout: () => void;
  readonly setSoundOnly: (soundOnly: boolean) => void;
  /** @param step 1 for the next page, -1 for the one before */
  readonly turnPage: (step: 1 | -1) => void;
}

/** How one looks at the room: layout, what is in front, what is open beside it. */
export function useRoomView() {
  const [layout, setLayoutState] = useState(() => preferences().layout);
  const [pinned, setPinned] = useState<string | null>(null);
  const [page, setPage] = useState(0);
  const [soundOnly, setSoundOnly] = useState(false);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [audience, setAudience] = useState<ChatAudience>('everyone');

  const changes = useMemo<ViewChanges>(() => {
    const setLayout = (wanted: 'grid' | 'speaker'): void => {
      setLayoutState(wanted);
      setPinned(null);
      setPreferences({ layout: wanted });
    };
    return {
      setPanel,
      togglePanel: (wanted) => setPanel((open) => (open === wanted ? null : wanted)),
      setDialog,
      writeTo: (wanted) => {
        setAudience(wanted);
        setPanel('chat');
      },
      setLayout,
      toggleLayout: () => setLayout(preferences().layout === 'grid' ? 'speaker' : 'grid'),
      setSoundOnly,
      turnPage: (step) => setPage((now) => Math.max(0, now + step)),
    };
  }, []);

  return {
    choices: { layout, pinned, page, soundOnly },
    panel,
    dialog,
    audience,
    setPinned,
    setPage,
    setAudience,
    changes,
  };
}
