import { Hand, Mic, MicOff, Phone, ScreenShare, Video, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ParticipantInfo, Role } from '../../../sdk/types.ts';
import { useText, type PlainTextKey, type Text } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { WeakSignal } from '../../ui/weak-signal.tsx';
import type { TileModel } from '../stage/arrangement.ts';

const ROLE_NOTES: Readonly<Record<Role, PlainTextKey | null>> = {
  host: 'role.host',
  cohost: 'role.cohost',
  participant: null,
  viewer: 'role.viewer',
};

interface PersonProps {
  readonly person: TileModel;
  readonly isSharing: boolean;
  /** In the queue of hands: since when it is up. */
  readonly showsHandTime: boolean;
  /** What can be done with them. */
  readonly children: ReactNode;
}

/** One line of the list. */
export function Person({ person, isSharing, showsHandTime, children }: PersonProps) {
  const text = useText();
  const { participant, isSelf, isMuted, video } = person;
  const { name, kind, quality, connected, handRaisedAt } = participant;
  const notes = notesOf(participant, text, showsHandTime);
  return (
    <li
      className="people__person"
      data-away={!connected || undefined}
      data-held={participant.held || undefined}
      data-role={participant.role}
      data-testid={TEST_IDS.person}
      data-participant-id={participant.id}
    >
      <Avatar participant={participant} />
      <span className="people__who">
        <span className="people__name" dir="auto">
          {isSelf ? text('room.nameAndYou', { name }) : name}
        </span>
        {notes.length > 0 && <span className="people__note">{notes.join(' · ')}</span>}
      </span>
      <span className="people__marks">
        {handRaisedAt !== null && <Hand size={18} role="img" aria-label={text('room.handRaised')} />}
        {quality !== 'good' && <WeakSignal quality={quality} className={`people__${quality}`} />}
        {isSharing && <ScreenShare size={18} role="img" aria-label={text('room.someoneSharing', { name })} />}
        {kind === 'phone' ? (
          <Phone size={18} role="img" aria-label={text('room.byPhone')} />
        ) : video ? (
          <Video size={18} role="img" aria-label={text('people.cameraOn')} />
        ) : (
          <VideoOff className="people__off" size={18} aria-hidden="true" />
        )}
        {isMuted ? (
          <MicOff className="people__off" size={18} role="img" aria-label={text('people.microphoneOff')} />
        ) : (
          <Mic size={18} role="img" aria-label={text('people.microphoneOn')} />
        )}
      </span>
      {children}
    </li>
  );
}

function notesOf(
  { role, number, held, connected, handRaisedAt }: ParticipantInfo,
  text: Text,
  showsHandTime: boolean,
): string[] {
  const time = new Intl.DateTimeFormat(text.locale, { timeStyle: 'short' });
  const roleNote = ROLE_NOTES[role];
  return [
    ...(showsHandTime && handRaisedAt !== null
      ? [text('hands.since', { time: time.format(handRaisedAt) })]
      : []),
    ...(roleNote === null ? [] : [text(roleNote)]),
    ...(held ? [text('room.onHold')] : []),
    ...(number === null ? [] : [number]),
    ...(connected ? [] : [text('room.away')]),
  ];
}
