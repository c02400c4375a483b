import { Phone } from 'lucide-react';
import { useState } from 'react';
import type { ParticipantInfo } from '../../sdk/types.ts';
import './avatar.css';

const COLOURS = 8;

/** One or two letters that stand for a name, whatever its script. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s_.-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last].map(firstLetter).join('').toLocaleUpperCase();
}

function firstLetter(word: string | undefined): string {
  return word?.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? '';
}

/** The same person has the same colour on every screen. @returns 1 to 8 */
export function colourOf(participantId: string): number {
  let hash = 0;
  for (const letter of participantId) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (hash % COLOURS) + 1;
}

interface AvatarProps {
  readonly participant: Pick<ParticipantInfo, 'id' | 'name' | 'kind'> & {
    readonly avatar?: ParticipantInfo['avatar'];
  };
}

/** Somebody's own picture or, without one that loads, initials. The name is always written beside it. */
export function Avatar({ participant }: AvatarProps) {
  const { id, name, kind, avatar = null } = participant;
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <span className={`avatar avatar--${colourOf(id)}`} aria-hidden="true">
      {avatar !== null && avatar !== failed ? (
        <img
          className="avatar__picture"
          src={avatar}
          alt=""
          referrerPolicy="no-referrer"
          onError={() => setFailed(avatar)}
        />
      ) : kind === 'phone' ? (
        <Phone />
      ) : (
        initialsOf(name)
      )}
    </span>
  );
}
