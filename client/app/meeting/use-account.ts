import { useCallback, useEffect, useState } from 'react';
import { fetchAccount, NO_ACCOUNT, signOut, type Account } from './account.ts';

/** Who is signed in, asked for once a visit. */
export function useAccount(room: string): { account: Account; onSignOut: () => void } {
  const [account, setAccount] = useState(NO_ACCOUNT);

  useEffect(() => {
    let isOver = false;
    void fetchAccount(room).then((answer) => {
      if (!isOver) setAccount(answer);
    });
    return () => {
      isOver = true;
    };
  }, [room]);

  const onSignOut = useCallback(() => {
    void signOut()
      .then(() => fetchAccount(room))
      .then(setAccount);
  }, [room]);
  return { account, onSignOut };
}
