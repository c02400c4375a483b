/** The web phone's page: signing in, then the phone. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { checkAccount } from '../agent/account.ts';
import type { Account } from '../agent/account.ts';
import type { AgentState } from '../agent/agent.ts';
import { Desk } from '../desk.ts';
import { rememberedAccount } from '../memory/account.ts';
import { PhoneHeader } from './phone-header.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { DeskView } from './desk-view.tsx';
import './phone.css';

export function Phone() {
  const [desk, setDesk] = useState(signedInBefore);
  const agent = useAgentState(desk);

  useEffect(() => {
    if (!desk) return undefined;
    desk.agent.start();
    // A laptop that wakes, and a network that is back, may have lost the connection without a word.
    const refresh = (): void => desk.agent.refresh();
    const leave = (): void => desk.close();
    window.addEventListener('online', refresh);
    document.addEventListener('visibilitychange', refresh);
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('online', refresh);
      document.removeEventListener('visibilitychange', refresh);
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [desk]);

  const signIn = (account: Account): void => setDesk(new Desk(account));
  const signOut = (): void => setDesk(null);
  const isIn = desk !== null && agent?.wasRegistered === true;
  return (
    <div className="phone">
      <PhoneHeader desk={isIn ? desk : null} onSignOut={signOut} />
      {isIn ? (
        <DeskView desk={desk} onSignOut={signOut} />
      ) : (
        <SignIn registration={agent?.registration ?? null} onSignIn={signIn} />
      )}
    </div>
  );
}

/** With everything remembered, there is nothing to ask. */
function signedInBefore(): Desk | null {
  const { draft, keepsSecrets } = rememberedAccount();
  const { account } = checkAccount(draft, isSecureContext && location.protocol === 'https:');
  return keepsSecrets && account ? new Desk(account) : null;
}

function useAgentState(desk: Desk | null): AgentState | null {
  const subscribe = useCallback(
    (listener: () => void) => desk?.agent.subscribe(listener) ?? (() => undefined),
    [desk],
  );
  return useSyncExternalStore(subscribe, () => desk?.agent.state ?? null);
}
