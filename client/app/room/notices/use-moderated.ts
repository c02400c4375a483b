import { useCallback, useEffect, useState } from 'react';
import { setPreferences } from '../../preferences/preferences.ts';
import type { Session } from '../../meeting/session.ts';
import type { RoomActions } from '../actions.ts';
import { moderatedWords } from './moderated-words.ts';

/** A request stays until it is answered, or for this long, in ms. */
const REQUEST_SHOWN_MS = 60_000;

/**
 * Tells what hosts do to oneself, and asks what they ask.
 * @returns the name of a host whose invitation to the stage waits for an answer, and how to give it
 */
export function useModerated(
  { client, notices }: Session,
  actions: RoomActions,
): { invitedBy: string | null; answer: (accept: boolean) => void } {
  const [invitedBy, setInvitedBy] = useState<string | null>(null);

  useEffect(
    () =>
      client.on('moderated', ({ moderation, by }) => {
        const { action } = moderation;
        if (action === 'invited-to-stage') setInvitedBy(by.name);
        // Somebody else has answered for one.
        if (action === 'role-changed' || action === 'put-off-stage') setInvitedBy(null);
        if (action === 'renamed') setPreferences({ name: moderation.name });
        const role = client.state.self?.role ?? 'viewer';
        const told = moderatedWords(moderation, by.name, role);
        if (told === null) return;
        const isRequest =
          (action === 'asked-to-unmute' || action === 'given-floor') && !actions.isMicrophoneOn;
        if (!isRequest) {
          notices.show(told, action === 'muted' || action === 'camera-stopped' ? 'warning' : 'info');
          return;
        }
        notices.ask(
          told,
          { label: (text) => text('moderated.unmute'), run: () => void actions.setMicrophone(true) },
          REQUEST_SHOWN_MS,
        );
      }),
    [client, notices, actions],
  );

  const answer = useCallback(
    (accept: boolean) => {
      setInvitedBy(null);
      actions.answerStage(accept);
    },
    [actions],
  );
  return { invitedBy, answer };
}
