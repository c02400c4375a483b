import { ArrowRight, X } from 'lucide-react';
import { useId, useState, type SubmitEvent } from 'react';
import { useText } from '../i18n/text.ts';
import { roomPath } from '../links.ts';
import { Link, navigate } from '../navigation.tsx';
import { forgetRoom, recentRooms } from '../preferences/recent-rooms.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Gathering } from './gathering.tsx';
import { NewRoom } from './new-room.tsx';
import { roomFromInput } from './room-names.ts';
import { START_IDS } from './testids.ts';
import './landing.css';

/** The first page: a new room, somebody else's, or one of the last ones. */
export function Landing() {
  const text = useText();
  useTitle(text('title.landing'));

  return (
    <div className="landing">
      <PageHeader />
      <main className="landing__main">
        <div className="landing__words">
          <h1 className="landing__headline">{text('landing.headline')}</h1>
          <p className="landing__lead">{text('landing.lead')}</p>
          <NewRoom />
          <JoinForm />
          <RecentRooms />
        </div>
        <Gathering label={text('landing.illustration')} />
      </main>
      <footer className="landing__footer">
        <p>{text('landing.private')}</p>
        {/* Not within the app: that page may connect to other servers, this one may not. */}
        <a href="phone">{text('landing.phone')}</a>
      </footer>
    </div>
  );
}

function JoinForm() {
  const text = useText();
  const [input, setInput] = useState('');
  const [isRefused, setRefused] = useState(false);
  const field = useId();
  const problem = useId();

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const room = roomFromInput(input);
    if (room === null) setRefused(true);
    else navigate(roomPath(room));
  };

  return (
    <form className="landing__join" onSubmit={submit} noValidate>
      <label className="field__label" htmlFor={field}>
        {text('landing.joinLabel')}
      </label>
      <div className="landing__join-row">
        <input
          id={field}
          className="input"
          data-testid={START_IDS.roomField}
          value={input}
          placeholder={text('landing.joinPlaceholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          aria-invalid={isRefused}
          aria-describedby={isRefused ? problem : undefined}
          onChange={(event) => {
            setInput(event.target.value);
            setRefused(false);
          }}
        />
        <button
          type="submit"
          className="button"
          aria-label={text('landing.join')}
          data-testid={START_IDS.goToRoom}
        >
          <span className="landing__join-word">{text('landing.join')}</span>
          <ArrowRight size={20} aria-hidden="true" />
        </button>
      </div>
      {isRefused && (
        <p id={problem} className="field__problem" role="alert">
          {text('landing.joinProblem')}
        </p>
      )}
    </form>
  );
}

function RecentRooms() {
  const text = useText();
  const [rooms, setRooms] = useState(recentRooms);
  if (rooms.length === 0) return null;

  return (
    <section className="landing__recent" aria-labelledby="recent-rooms">
      <h2 id="recent-rooms" className="landing__recent-heading">
        {text('landing.recent')}
      </h2>
      <ul className="landing__rooms">
        {rooms.map(({ name, at }) => (
          <li key={name} className="landing__room">
            <Link href={roomPath(name)} className="landing__room-link">
              <span className="landing__room-name">{name}</span>
              <span className="landing__room-day">{dayText(at, text.locale)}</span>
            </Link>
            <button
              type="button"
              className="icon-button"
              aria-label={text('landing.forget', { room: name })}
              onClick={() => setRooms(forgetRoom(name))}
            >
              <X size={16} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A day as short as it can be: names of rooms are long. */
function dayText(at: number, locale: string): string {
  const isThisYear = new Date(at).getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(locale, {
    ...(isThisYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
  }).format(at);
}
