import { useState } from 'react';
import type { ChatMessage, ParticipantId } from '../../../sdk/types.ts';

/** How many messages of others came after the last one that was seen. */
export function countUnread(
  messages: readonly ChatMessage[],
  lastSeen: string | null,
  selfId: ParticipantId | undefined,
): number {
  // One that has dropped out of the tail means that all the tail is new.
  const seen = messages.findIndex(({ id }) => id === lastSeen);
  return messages.slice(seen + 1).filter(({ participantId }) => participantId !== selfId).length;
}

/** What was written before one came is no news. */
export function useUnread(
  messages: readonly ChatMessage[],
  selfId: ParticipantId | undefined,
  isOpen: boolean,
): number {
  const newest = messages.at(-1)?.id ?? null;
  const [lastSeen, setLastSeen] = useState(newest);
  if (isOpen && lastSeen !== newest) setLastSeen(newest);
  return isOpen ? 0 : countUnread(messages, lastSeen, selfId);
}
