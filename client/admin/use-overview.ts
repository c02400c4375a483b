import { useEffect, useState } from 'react';
import { getOverview, Refusal } from './api.ts';
import type { Overview } from './api.ts';

/** Shorter: figures of processor time jump about more. In ms. */
const INTERVAL_MS = 3_000;

export interface OverviewState {
  /** The last one that came. */
  overview: Overview | null;
  problem: 'signed-out' | 'unreachable' | null;
  /** Asks now, and goes on asking. */
  read: () => void;
}

/** What goes on, asked for again and again while the page can be seen, until the server wants a sign-in. */
export function useOverview(): OverviewState {
  const [overview, setOverview] = useState<Overview | null>(null);
  const [problem, setProblem] = useState<OverviewState['problem']>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const answer = await getOverview();
        if (isOver) return;
        setOverview(answer);
        setProblem(null);
      } catch (error) {
        if (isOver) return;
        const isRefused = error instanceof Refusal && (error.status === 401 || error.status === 403);
        if (isRefused) {
          clearInterval(timer);
          setOverview(null);
        }
        setProblem(isRefused ? 'signed-out' : 'unreachable');
      }
    };
    const timer = setInterval(() => {
      if (!document.hidden) void read();
    }, INTERVAL_MS);
    void read();
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [round]);

  return { overview, problem, read: () => setRound((last) => last + 1) };
}
