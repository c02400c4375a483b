import { KeyRound } from 'lucide-react';
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { useText } from '../i18n/text.ts';
import { Link } from '../navigation.tsx';
import { TEST_IDS } from '../testids.ts';
import { Message } from '../ui/message.tsx';
import { useTitle } from '../ui/use-title.ts';
import './password-screen.css';

interface PasswordScreenProps {
  readonly room: string;
  /** Whether one was given, and it was another. */
  readonly wasWrong: boolean;
  readonly isJoining: boolean;
  readonly onPassword: (password: string) => void;
}

/** Asks for the password of a room. */
export function PasswordScreen({ room, wasWrong, isJoining, onPassword }: PasswordScreenProps) {
  const text = useText();
  const field = useId();
  const problem = useId();
  const input = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  useTitle(text('title.password', { room }));
  // After the heading has taken it, so that both are read out.
  useEffect(() => input.current?.focus(), []);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (password === '') input.current?.focus();
    else if (!isJoining) onPassword(password);
  };
  return (
    <Message
      icon={<KeyRound aria-hidden="true" />}
      testId={TEST_IDS.passwordScreen}
      heading={text('password.heading')}
      hint={text('password.hint')}
    >
      <form className="password" onSubmit={submit} noValidate>
        <label className="visually-hidden" htmlFor={field}>
          {text('password.label')}
        </label>
        <input
          ref={input}
          id={field}
          className="input"
          type="password"
          data-testid={TEST_IDS.passwordField}
          value={password}
          maxLength={128}
          placeholder={text('password.label')}
          autoComplete="off"
          enterKeyHint="go"
          aria-invalid={wasWrong}
          aria-describedby={wasWrong ? problem : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
        {wasWrong && (
          <p id={problem} className="field__problem" role="alert">
            {text('password.wrong')}
          </p>
        )}
        <button type="submit" className="button button--primary" aria-disabled={isJoining}>
          {text(isJoining ? 'prejoin.joining' : 'password.enter')}
        </button>
      </form>
      <Link href="/" className="button button--quiet">
        {text('problem.start')}
      </Link>
    </Message>
  );
}
