import { useState } from 'react';
import type { ParticipantId, RoomState } from '../../../sdk/types.ts';

export interface Speakers {
  /** The last other participant who was dominant: stays in front through silence and through one's own words. */
  readonly held: ParticipantId | null;
  /** When each was last dominant, in ms since the epoch. */
  readonly lastSpoke: ReadonlyMap<ParticipantId, number>;
}

const NOBODY: Speakers = { held: null, lastSpoke: new Map() };

/** What came before, and who speaks now. */
export function withSpeaker(
  before: Speakers,
  speaker: ParticipantId,
  isSelf: boolean,
  now: number,
): Speakers {
  const lastSpoke = new Map(before.lastSpoke).set(speaker, now);
  return { held: isSelf ? before.held : speaker, lastSpoke };
}

/** Remembers who spoke, as the room only tells who speaks. */
export function useSpeakers({ dominantSpeaker, self }: RoomState): Speakers {
  const [seen, setSeen] = useState<ParticipantId | null>(null);
  const [speakers, setSpeakers] = useState(NOBODY);
  if (dominantSpeaker !== seen) {
    setSeen(dominantSpeaker);
    if (dominantSpeaker !== null)
      setSpeakers((before) =>
        withSpeaker(before, dominantSpeaker, dominantSpeaker === self?.participantId, Date.now()),
      );
  }
  return speakers;
}
