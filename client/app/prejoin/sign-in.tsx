import { LogIn } from 'lucide-react';
import { useText } from '../i18n/text.ts';
import { signInUrl, type Account } from '../meeting/account.ts';
import './sign-in.css';

interface SignInProps {
  readonly room: string;
  readonly account: Account;
  readonly onSignOut: () => void;
}

/** For hosts, where the server knows a provider to sign in at. */
export function SignIn({ room, account, onSignOut }: SignInProps) {
  const text = useText();
  const { person, canSignIn } = account;
  if (person)
    return (
      <p className="sign-in">
        {person.name === null ? text('signIn.signedIn') : text('signIn.signedInAs', { name: person.name })}
        <button type="button" className="button button--quiet button--small" onClick={onSignOut}>
          {text('signIn.signOut')}
        </button>
      </p>
    );
  if (!canSignIn) return null;
  return (
    <p className="sign-in">
      {text('signIn.question')}
      <a href={signInUrl(room)} className="button button--quiet button--small">
        <LogIn size={16} aria-hidden="true" />
        {text('signIn.signIn')}
      </a>
    </p>
  );
}
