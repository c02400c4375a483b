import { useEffect, useState } from 'react';
import { duration } from '../names.ts';

/** How long it has been, counting on. @param since in ms since the epoch */
export function Elapsed({ since }: { readonly since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [since]);
  return (
    <p className="call__time" role="timer">
      {duration(Math.max(0, now - since))}
    </p>
  );
}
