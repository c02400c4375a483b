import { ArrowLeft } from 'lucide-react';
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { useText } from '../i18n/text.ts';
import { Link } from '../navigation.tsx';
import type { Account } from '../meeting/account.ts';
import type { LocalMedia } from '../media/local-media.ts';
import { cleanName, MAX_NAME_LENGTH } from '../preferences/name.ts';
import { preferences } from '../preferences/preferences.ts';
import { TEST_IDS } from '../testids.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { useObservable } from '../ui/use-observable.ts';
import { useTitle } from '../ui/use-title.ts';
import { DevicePickers } from './device-pickers.tsx';
import { DeviceProblems } from './device-problems.tsx';
import { Preview } from './preview.tsx';
import { SignIn } from './sign-in.tsx';
import './prejoin.css';

interface PrejoinProps {
  readonly room: string;
  readonly media: LocalMedia;
  readonly account: Account;
  readonly isJoining: boolean;
  readonly onSignOut: () => void;
  readonly onJoin: (name: string) => void;
}

/** Before the room: how one will be seen and heard. */
export function Prejoin({ room, media, account, isJoining, onSignOut, onJoin }: PrejoinProps) {
  const text = useText();
  const { microphone, camera } = useObservable(media);
  useTitle(text('title.prejoin', { room }));

  useEffect(() => {
    void media.start();
  }, [media]);

  const hasNothing = microphone.problem !== null && (camera.problem !== null || !camera.isOn);
  return (
    <div className="prejoin">
      <PageHeader />
      <main className="prejoin__main">
        <div className="prejoin__picture">
          <Preview media={media} />
          <DeviceProblems media={media} />
        </div>
        <div className="prejoin__choices">
          <div>
            <Link href="/" className="prejoin__back">
              <ArrowLeft size={16} aria-hidden="true" />
              {text('prejoin.back')}
            </Link>
            <h1 className="prejoin__heading">{text('prejoin.heading')}</h1>
            <p className="prejoin__room">{text('prejoin.room', { room })}</p>
          </div>
          <JoinForm
            // Who is known by the sign-in need not say it again.
            key={account.person?.name}
            proposedName={account.person?.name ?? ''}
            isJoining={isJoining}
            hasNothing={hasNothing}
            onJoin={onJoin}
          />
          <SignIn room={room} account={account} onSignOut={onSignOut} />
          <DevicePickers media={media} />
        </div>
      </main>
    </div>
  );
}

interface JoinFormProps {
  /** For who has not said a name before. */
  readonly proposedName: string;
  readonly isJoining: boolean;
  /** Whether neither microphone nor camera will come along. */
  readonly hasNothing: boolean;
  readonly onJoin: (name: string) => void;
}

function JoinForm({ proposedName, isJoining, hasNothing, onJoin }: JoinFormProps) {
  const text = useText();
  const field = useId();
  const problem = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(() => preferences().name || proposedName);
  const [isMissing, setMissing] = useState(false);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const clean = cleanName(name);
    if (clean === '') {
      setMissing(true);
      input.current?.focus();
    } else if (!isJoining) onJoin(clean);
  };

  return (
    <form className="prejoin__form" onSubmit={submit} noValidate>
      <div className="field">
        <label className="field__label" htmlFor={field}>
          {text('prejoin.name')}
        </label>
        <input
          ref={input}
          id={field}
          className="input"
          data-testid={TEST_IDS.name}
          value={name}
          maxLength={MAX_NAME_LENGTH}
          placeholder={text('prejoin.namePlaceholder')}
          autoComplete="name"
          enterKeyHint="go"
          aria-invalid={isMissing}
          aria-describedby={isMissing ? problem : undefined}
          onChange={(event) => {
            setName(event.target.value);
            setMissing(false);
          }}
        />
        {isMissing && (
          <p id={problem} className="field__problem" role="alert">
            {text('prejoin.nameMissing')}
          </p>
        )}
      </div>
      <button
        type="submit"
        className="button button--primary button--large"
        aria-disabled={isJoining}
        data-testid={TEST_IDS.join}
      >
        {text(isJoining ? 'prejoin.joining' : 'prejoin.join')}
      </button>
      {hasNothing && <p className="prejoin__hint">{text('prejoin.listenOnly')}</p>}
    </form>
  );
}
