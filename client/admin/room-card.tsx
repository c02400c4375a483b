import { ChevronRight, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../app/ui/avatar.tsx';
import { endRoom } from './api.ts';
import type { AdminRoom, Person } from './api.ts';
import { Figure } from './figure.tsx';
import { bitrate, percent, timeOfDay } from './format.ts';
import { useAdminText } from './texts.ts';

interface RoomCardProps {
  readonly room: AdminRoom;
  readonly onLog: () => void;
  readonly onEnded: () => void;
}

/** One room: what it costs, who is in it, and what can be done about it. */
export function RoomCard({ room, onLog, onEnded }: RoomCardProps) {
  const text = useAdminText();
  const { name, kind, openedAt, waiting, cpuShare, bitrateIn, bitrateOut, people } = room;
  const { locale } = text;
  return (
    <li className="room-card" data-testid="admin-room">
      <div className="room-card__head">
        <div>
          <h3 className="room-card__name">{name}</h3>
          <p className="room-card__about">
            {text(`kind.${kind}`)}
            {openedAt !== null && ` · ${text('since', { time: timeOfDay(openedAt, locale) })}`}
          </p>
        </div>
        <div className="room-card__actions">
          <button type="button" className="button button--small" onClick={onLog}>
            <ScrollText size={16} aria-hidden="true" />
            {text('log')}
          </button>
          <EndButton name={name} onEnded={onEnded} />
        </div>
      </div>
      <dl className="figures">
        <Figure name={text('people')}>{people.length}</Figure>
        {waiting > 0 && <Figure name={text('waiting')}>{waiting}</Figure>}
        <Figure name={text('cpu')}>{percent(cpuShare, locale)}</Figure>
        <Figure name={text('received')}>{bitrate(bitrateIn, locale)}</Figure>
        <Figure name={text('sent')}>{bitrate(bitrateOut, locale)}</Figure>
      </dl>
      <details className="room-card__people">
        <summary aria-label={text('showPeople', { room: name })}>
          <ChevronRight className="room-card__chevron" size={18} aria-hidden="true" />
          {text('people')}
        </summary>
        <ul>
          {people.map((person) => (
            <PersonRow key={person.id} person={person} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function PersonRow({ person }: { readonly person: Person }) {
  const text = useAdminText();
  const { name, role, kind, quality, connected, bitrateIn, bitrateOut } = person;
  const state = connected ? text(`quality.${quality}`) : text('gone');
  return (
    <li className="person-row" data-quality={connected ? quality : 'poor'}>
      <Avatar participant={person} />
      <span className="person-row__words">
        <span className="person-row__name">{name}</span>
        <span className="person-row__about">
          {[text(`role.${role}`), ...(kind === 'phone' ? [text('phone')] : []), state].join(' · ')}
        </span>
      </span>
      <span className="person-row__rates">
        ↑ {bitrate(bitrateIn, text.locale)} · ↓ {bitrate(bitrateOut, text.locale)}
      </span>
    </li>
  );
}

interface EndButtonProps {
  readonly name: string;
  readonly onEnded: () => void;
}

/** Asks once more: everybody would be out. */
function EndButton({ name, onEnded }: EndButtonProps) {
  const text = useAdminText();
  const [state, setState] = useState<'idle' | 'asking' | 'failed'>('idle');

  const end = async (): Promise<void> => {
    try {
      await endRoom(name);
      onEnded();
    } catch {
      setState('failed');
    }
  };

  if (state !== 'asking') {
    return (
      <>
        {state === 'failed' && (
          <span className="field__problem" role="alert">
            {text('endFailed')}
          </span>
        )}
        <button type="button" className="button button--small" onClick={() => setState('asking')}>
          {text('end')}
        </button>
      </>
    );
  }
  return (
    <div className="room-card__question" role="group" aria-label={text('endReally', { room: name })}>
      <span>{text('endReally', { room: name })}</span>
      <button type="button" className="button button--small" autoFocus onClick={() => setState('idle')}>
        {text('endNo')}
      </button>
      <button type="button" className="button button--small button--danger" onClick={() => void end()}>
        {text('endYes')}
      </button>
    </div>
  );
}
