import { useEffect, useRef, useState, type RefObject, type SubmitEvent } from 'react';
import { useText, type PlainTextKey } from '../../../app/i18n/text.ts';
import { useTitle } from '../../../app/ui/use-title.ts';
import { checkAccount } from '../../agent/account.ts';
import type {
  Account,
  AccountDraft,
  AccountField,
  FieldProblem,
  FieldProblems,
} from '../../agent/account.ts';
import type { Registration } from '../../agent/agent.ts';
import { rememberAccount, rememberedAccount } from '../../memory/account.ts';
import { registrationTexts } from '../registration-texts.ts';
import { PHONE_IDS } from '../testids.ts';
import { Field } from './field.tsx';
import '../note.css';
import './sign-in.css';

interface SignInProps {
  /** How far signing in is; null while nobody tries. */
  readonly registration: Registration | null;
  readonly onSignIn: (account: Account) => void;
}

const MALFORMED: Partial<Record<AccountField, PlainTextKey>> = {
  url: 'phone.problemUrl',
  user: 'phone.problemUser',
  domain: 'phone.problemDomain',
  iceServers: 'phone.problemIce',
};

/** Asks for the account; what was used last stands there already. */
export function SignIn({ registration, onSignIn }: SignInProps) {
  const text = useText();
  const [{ draft, keepsSecrets }, setAccount] = useState(rememberedAccount);
  const [problems, setProblems] = useState<FieldProblems>({});
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const isBusy = registration?.status === 'connecting';
  useTitle(text('title.phone'));
  useFocusOnProblem(form, tries);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const check = checkAccount(draft, location.protocol === 'https:');
    setProblems(check.problems ?? {});
    setTries(tries + 1);
    if (check.account === null) return;
    rememberAccount({ draft, keepsSecrets });
    onSignIn(check.account);
  };
  const field = (name: AccountField): FieldBinding => ({
    name,
    value: draft[name],
    problem: problemText(name, problems[name]),
    onChange: (value) => {
      setAccount({ draft: { ...draft, [name]: value }, keepsSecrets });
      if (problems[name]) setProblems({ ...problems, [name]: undefined });
    },
  });

  return (
    <main className="sign-in">
      <form ref={form} className="sign-in__form" onSubmit={submit} noValidate data-testid={PHONE_IDS.signIn}>
        <div>
          <h2 className="sign-in__heading">{text('phone.signInHeading')}</h2>
          <p className="sign-in__lead">{text('phone.signInLead')}</p>
        </div>
        {registration && <Problem registration={registration} />}
        <Field
          {...field('url')}
          label={text('phone.url')}
          hint={text('phone.urlHint')}
          inputMode="url"
          placeholder="wss://pbx.example.org/ws"
        />
        <div className="sign-in__pair">
          <Field
            {...field('user')}
            label={text('phone.user')}
            hint={text('phone.userHint')}
            autoComplete="username"
          />
          <Field
            {...field('password')}
            label={text('phone.password')}
            type="password"
            autoComplete="current-password"
          />
        </div>
        <MoreFields field={field} draft={draft} problems={problems} />
        <label className="sign-in__keep">
          <input
            type="checkbox"
            checked={keepsSecrets}
            onChange={(event) => setAccount({ draft, keepsSecrets: event.target.checked })}
          />
          <span>
            {text('phone.keepSecrets')}
            <small>{text('phone.keepSecretsHint')}</small>
          </span>
        </label>
        <button type="submit" className="button button--primary button--large" aria-disabled={isBusy}>
          {text(isBusy ? 'phone.connecting' : 'phone.signIn')}
        </button>
      </form>
    </main>
  );
}

/** Leads to the first field that is wrong, after each try. */
function useFocusOnProblem(form: RefObject<HTMLFormElement | null>, tries: number): void {
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [form, tries]);
}

interface FieldBinding {
  readonly name: AccountField;
  readonly value: string;
  readonly problem: PlainTextKey | null;
  readonly onChange: (value: string) => void;
}

interface MoreFieldsProps {
  readonly field: (name: AccountField) => FieldBinding;
  readonly draft: AccountDraft;
  readonly problems: FieldProblems;
}

const RARE: readonly AccountField[] = ['displayName', 'domain', 'iceServers'];

/** What many never need. Open when something was filled in, or is wrong. */
function MoreFields({ field, draft, problems }: MoreFieldsProps) {
  const text = useText();
  const [wasFilled] = useState(() => RARE.some((name) => draft[name] !== ''));
  return (
    <details className="sign-in__more" open={wasFilled || RARE.some((name) => problems[name] !== undefined)}>
      <summary>{text('phone.moreFields')}</summary>
      <div className="sign-in__rare">
        <Field
          {...field('displayName')}
          label={text('phone.displayName')}
          hint={text('phone.displayNameHint')}
          autoComplete="name"
        />
        <Field {...field('domain')} label={text('phone.domain')} hint={text('phone.domainHint')} />
        <Field
          {...field('iceServers')}
          label={text('phone.iceServers')}
          hint={text('phone.iceServersHint')}
          rows={2}
        />
      </div>
    </details>
  );
}

function Problem({ registration }: { readonly registration: Registration }) {
  const text = useText();
  if (registration.status !== 'failed') return null;
  const { heading, hint } = registrationTexts(registration);
  return (
    <div
      className="phone-note phone-note--danger"
      role="alert"
      data-testid={PHONE_IDS.signInProblem}
      data-reason={registration.problem}
    >
      <div>
        <p className="phone-note__heading">{text(heading)}</p>
        {hint && <p>{text(hint)}</p>}
        {registration.retries && <p>{text('phone.retrying')}</p>}
      </div>
    </div>
  );
}

function problemText(name: AccountField, problem: FieldProblem | undefined): PlainTextKey | null {
  switch (problem) {
    case undefined:
      return null;
    case 'missing':
      return 'phone.problemMissing';
    case 'insecure':
      return 'phone.problemInsecure';
    case 'malformed':
      return MALFORMED[name] ?? 'phone.problemMissing';
  }
}
