import { DoorClosed } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Waiting } from '../../sdk/types.ts';
import { isToday, momentText } from '../i18n/moment.ts';
import { useText, type Text } from '../i18n/text.ts';
import { Preview } from '../prejoin/preview.tsx';
import { preferences } from '../preferences/preferences.ts';
import { TEST_IDS } from '../testids.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useObservable } from '../ui/use-observable.ts';
import { useTitle } from '../ui/use-title.ts';
import { endFrom, type RoomEnd } from './room-end.ts';
import type { Session } from './session.ts';
import { untilText } from './time-texts.ts';
import './waiting-screen.css';

interface WaitingScreenProps {
  readonly session: Session;
  readonly onEnter: (session: Session) => void;
  /** Turned away, or the room is gone. */
  readonly onEnd: (session: Session, how: RoomEnd) => void;
  readonly onLeave: () => void;
}

/** At the door: why one waits, for how long if it is known, and what hosts write. */
export function WaitingScreen({ session, onEnter, onEnd, onLeave }: WaitingScreenProps) {
  const { client, media, room } = session;
  const text = useText();
  const { waiting, phase, ended, clockOffsetMs } = useObservable(client);
  const heading = useFirstFocus<HTMLHeadingElement>();
  useTitle(text('title.waiting', { room }));
  useEffect(() => {
    if (ended) onEnd(session, endFrom(ended));
    else if (phase === 'joined') onEnter(session);
  }, [ended, phase, session, onEnter, onEnd]);
  if (!waiting) return null;
  const { opensAt, messages } = waiting;

  return (
    <div className="at-door">
      <PageHeader />
      <main className="at-door__main" data-testid={TEST_IDS.waiting} data-waiting-for={waiting.waitingFor}>
        <Preview media={media} />
        <div className="at-door__words">
          <span className="at-door__sign" aria-hidden="true">
            <DoorClosed />
          </span>
          <h1 ref={heading} className="at-door__heading" tabIndex={-1}>
            {headingOf(waiting, text)}
          </h1>
          <p role="status">
            {phase === 'reconnecting' ? text('waiting.reconnecting') : hintOf(waiting, text)}
          </p>
          {opensAt !== null && <Countdown to={opensAt - clockOffsetMs} />}
          {messages.length > 0 && <Messages messages={messages} />}
          <button type="button" className="button" data-testid={TEST_IDS.stopWaiting} onClick={onLeave}>
            {text('waiting.leave')}
          </button>
        </div>
      </main>
    </div>
  );
}

function headingOf({ waitingFor, opensAt }: Waiting, text: Text): string {
  switch (waitingFor) {
    case 'lobby':
      return text('waiting.lobby');
    case 'host':
      return text('waiting.host');
    case 'opening':
      return opensAt === null ? text('waiting.host') : openingText(opensAt, text);
  }
}

function openingText(opensAt: number, text: Text): string {
  const time = momentText(opensAt, text.locale, 'full');
  return text(isToday(opensAt) ? 'waiting.openingToday' : 'waiting.opening', { time });
}

function hintOf({ waitingFor }: Waiting, text: Text): string {
  switch (waitingFor) {
    case 'lobby':
      return text('waiting.lobbyHint', { name: preferences().name });
    case 'host':
      return text('waiting.hostHint');
    case 'opening':
      return text('waiting.openingHint');
  }
}

/** @param to the moment by this machine's clock, in ms since the epoch */
function Countdown({ to }: { readonly to: number }) {
  const text = useText();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (to <= now) return null;
  return (
    <p className="at-door__countdown" role="timer">
      {text('waiting.countdown', { duration: untilText(to - now, text.locale) })}
    </p>
  );
}

function Messages({ messages }: Pick<Waiting, 'messages'>) {
  const text = useText();
  const times = new Intl.DateTimeFormat(text.locale, { timeStyle: 'short' });
  return (
    <section className="at-door__messages" aria-labelledby="door-messages">
      <h2 id="door-messages" className="at-door__messages-heading">
        {text('waiting.messages')}
      </h2>
      <div role="log" aria-labelledby="door-messages">
        <ol>
          {messages.map(({ from, text: message, at }, index) => (
            <li key={index}>
              <span className="at-door__from" dir="auto">
                {from}
              </span>{' '}
              <time className="at-door__at" dateTime={new Date(at).toISOString()}>
                {times.format(at)}
              </time>
              <p className="at-door__message" dir="auto">
                {message}
              </p>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
