import { useId, useState, type SubmitEvent } from 'react';
import { LanguageSelect, ThemeSelect } from '../app/ui/look.tsx';
import { Message } from '../app/ui/message.tsx';
import { Refusal, signIn, signInUrl } from './api.ts';
import type { Me } from './api.ts';
import { useAdminText } from './texts.ts';

interface SignInProps {
  readonly me: Me;
  readonly onSignedIn: () => void;
}

type Problem = 'wrongKey' | 'tooMany' | 'unreachable';

/** By key, or at the provider if there is one. */
export function SignIn({ me, onSignedIn }: SignInProps) {
  const text = useAdminText();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const field = useId();
  const told = useId();

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await signIn(key.trim());
      onSignedIn();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  return (
    <Message heading={text('signInHeading')} hint={me.person ? text('noAdmin') : text('signInHint')}>
      <form className="admin-sign-in" onSubmit={(event) => void submit(event)}>
        <label className="field">
          <span className="field__label">{text('key')}</span>
          <input
            id={field}
            className="input"
            type="password"
            autoComplete="current-password"
            required
            value={key}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : told}
            onChange={(event) => {
              setKey(event.target.value);
              setProblem(null);
            }}
          />
        </label>
        {problem !== null && (
          <p id={told} className="field__problem" role="alert">
            {text(problem)}
          </p>
        )}
        <button type="submit" className="button button--primary">
          {text('signIn')}
        </button>
        {me.canSignIn && (
          <a className="button" href={signInUrl()}>
            {text('signInAtProvider')}
          </a>
        )}
        <p className="admin-sign-in__hint">
          <code>{text('keyCommand')}</code> {text('keyCommandHint')}
        </p>
      </form>
      <div className="admin-sign-in__look">
        <LanguageSelect />
        <ThemeSelect />
      </div>
    </Message>
  );
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof Refusal)) return 'unreachable';
  return error.status === 429 ? 'tooMany' : 'wrongKey';
}
