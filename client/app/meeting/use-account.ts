import { useCallback, useEffect, useState } from 'react';
import { fetchAccount, NO_ACCOUNT, signOut, type Account } from './account.ts';

/**
 * Who is signed in, asked for once a visit.
 * @returns `account`: nobody's until the answer is here; `answer`: for who must not go on without
 */
export function useAccount(room: string): {
  account: Account;
  answer: Promise<Account>;
  onSignOut: () => void;
} {
  const [answer, setAnswer] = useState(() => fetchAccount(room));
  const [account, setAccount] = useState(NO_ACCOUNT);

  useEffect(() => {
    let isOver = false;
    void answer.then((told) => {
      if (!isOver) setAccount(told);
    });
    return () => {
      isOver = true;
    };
  }, [answer]);

  const onSignOut = useCallback(() => {
    void signOut().then(() => setAnswer(fetchAccount(room)));
  }, [room]);
  return { account, answer, onSignOut };
}
