import { useEffect, useState } from 'react';
import { Refusal } from './api.ts';

/** Shorter: figures of processor time jump about more. In ms. */
const INTERVAL_MS = 3_000;

export interface Polled<Answer> {
  /** The last one that came. */
  answer: Answer | null;
  problem: 'signed-out' | 'unreachable' | null;
  /** Asks now, and goes on asking. */
  read: () => void;
}

/**
 * What the server tells, asked for again and again while the page can be seen, until it wants a sign-in.
 * @param ask always the same function
 */
export function usePolled<Answer>(ask: () => Promise<Answer>): Polled<Answer> {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Polled<Answer>['problem']>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const told = await ask();
        if (isOver) return;
        setAnswer(told);
        setProblem(null);
      } catch (error) {
        if (isOver) return;
        const isRefused = error instanceof Refusal && (error.status === 401 || error.status === 403);
        if (isRefused) {
          clearInterval(timer);
          setAnswer(null);
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
  }, [ask, round]);

  return { answer, problem, read: () => setRound((last) => last + 1) };
}
