import { useEffect, useState } from 'react';
import type { Reaction, RoomClient } from '../../../sdk/types.ts';
import './reactions.css';

/** As long as the animation in the style sheet, in ms. */
const SHOWN_MS = 4_000;
/** More at once are applause, not words: the oldest give way. */
const MAX_SHOWN = 12;

interface Floating {
  readonly id: number;
  readonly reaction: Reaction;
  readonly name: string;
  /** Where it rises, 0 to 1 of the width that is there. */
  readonly place: number;
}

interface ReactionsProps {
  readonly client: RoomClient;
}

/** Reactions rise from the lower edge and fade. Screen readers are told by the room's news. */
export function Reactions({ client }: ReactionsProps) {
  const [floating, setFloating] = useState<readonly Floating[]>([]);

  useEffect(() => {
    let nextId = 1;
    return client.on('reaction', ({ participantId, reaction }) => {
      const name = client.state.participants.find(({ id }) => id === participantId)?.name ?? '';
      const id = nextId++;
      const one: Floating = { id, reaction, name, place: Math.random() };
      setFloating((now) => [...now, one].slice(-MAX_SHOWN));
      setTimeout(() => setFloating((now) => now.filter((other) => other.id !== id)), SHOWN_MS);
    });
  }, [client]);

  return (
    <div className="reactions" aria-hidden="true">
      {floating.map(({ id, reaction, name, place }) => (
        <span key={id} className="reactions__one" style={{ left: `${place * 100}%` }}>
          <span className="reactions__emoji">{reaction}</span>
          <span className="reactions__name">{name}</span>
        </span>
      ))}
    </div>
  );
}
