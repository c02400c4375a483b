/** The page of whoever runs the server. */
import { useEffect, useState } from 'react';
import { LanguageSelect, ThemeSelect } from '../app/ui/look.tsx';
import { Logo } from '../app/ui/logo.tsx';
import { useTitle } from '../app/ui/use-title.ts';
import '../app/ui/page-header.css';
import { getMe, getOverview, signOut } from './api.ts';
import type { Me } from './api.ts';
import { RoomsPage } from './rooms-page.tsx';
import { SettingsPage } from './settings-page.tsx';
import { SignIn } from './sign-in.tsx';
import { TelephonesPage } from './telephones/telephones-page.tsx';
import { useAdminText } from './texts.ts';
import { usePolled } from './use-polled.ts';
import './admin.css';

const PAGES = ['rooms', 'telephones', 'settings'] as const;
type PageName = (typeof PAGES)[number];

export function Admin() {
  const text = useAdminText();
  useTitle(text('title'));
  const { answer: overview, problem, read } = usePolled(getOverview);
  const [page, setPage] = useState<PageName>('rooms');
  const [logOf, setLogOf] = useState<string | null>(null);
  const me = useMe(problem === 'signed-out');

  const leave = async (): Promise<void> => {
    await signOut();
    setLogOf(null);
    read();
  };

  if (problem === 'signed-out') return me && <SignIn me={me} onSignedIn={read} />;
  if (!overview) return null;
  return (
    <div className="admin">
      <header className="page-header admin__head">
        <a href="./" className="page-header__brand">
          <Logo />
          <span>Tertulia</span>
        </a>
        <nav className="admin__pages" aria-label={text('heading')}>
          {PAGES.map((name) => (
            <button
              key={name}
              type="button"
              className="admin__page-link"
              aria-current={name === page ? 'page' : undefined}
              onClick={() => setPage(name)}
            >
              {text(name)}
            </button>
          ))}
        </nav>
        <div className="page-header__look">
          <LanguageSelect />
          <ThemeSelect />
          <button type="button" className="button button--small" onClick={() => void leave()}>
            {text('signOut')}
          </button>
        </div>
      </header>
      <main className="admin__main">
        <h1 className="visually-hidden">{text(page)}</h1>
        {problem === 'unreachable' && (
          <p className="admin__notice" role="alert">
            {text('unreachable')}
          </p>
        )}
        {page === 'rooms' && (
          <RoomsPage overview={overview} logOf={logOf} onLog={setLogOf} onChanged={read} />
        )}
        {page === 'telephones' && <TelephonesPage />}
        {page === 'settings' && <SettingsPage />}
      </main>
    </div>
  );
}

/** Asked for when somebody has to sign in: what ways there are. */
function useMe(isWanted: boolean): Me | null {
  const [me, setMe] = useState<Me | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    // Without an answer there is still the key to sign in with.
    void getMe().then(setMe, () => setMe({ person: null, canSignIn: false }));
  }, [isWanted]);
  return me;
}
