import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../i18n/text.ts';
import { Link } from '../navigation.tsx';
import { TEST_IDS } from '../testids.ts';
import { Message } from '../ui/message.tsx';
import { useTitle } from '../ui/use-title.ts';
import { signInUrl } from './account.ts';
import { textsFor, type Problem } from './problems.ts';

interface ProblemScreenProps {
  readonly room: string;
  readonly problem: Problem;
  /** Whether a sign-in could help. */
  readonly canSignIn: boolean;
  readonly onRetry: () => void;
}

/** Why one is not in the room, and what helps. */
export function ProblemScreen({ room, problem, canSignIn, onRetry }: ProblemScreenProps) {
  const text = useText();
  useTitle(text('title.problem', { room }));
  const { heading, hint, wayOut } = textsFor(problem.code);
  return (
    <Message
      icon={<TriangleAlert aria-hidden="true" />}
      testId={TEST_IDS.problem}
      code={problem.code}
      heading={text(heading)}
      hint={hint === null ? text('problem.otherHint', { code: problem.code }) : text(hint)}
    >
      {wayOut === 'retry' && <RetryButton waitMs={problem.retryAfterMs ?? 0} onRetry={onRetry} />}
      {wayOut === 'knock' && <KnockButton waitMs={problem.retryAfterMs ?? 0} onKnock={onRetry} />}
      {wayOut === 'sign-in' && canSignIn && (
        <a href={signInUrl(room)} className="button button--primary">
          {text('signIn.signIn')}
        </a>
      )}
      {wayOut === 'reload' && (
        <button type="button" className="button button--primary" onClick={() => location.reload()}>
          {text('problem.reload')}
        </button>
      )}
      <Link href="/" className="button">
        {text('problem.start')}
      </Link>
    </Message>
  );
}

/** Says how long to wait, and tries by itself when that is over. */
function RetryButton({ waitMs, onRetry }: { readonly waitMs: number; readonly onRetry: () => void }) {
  const text = useText();
  const seconds = useSecondsLeft(waitMs, onRetry);
  return (
    <button type="button" className="button button--primary" data-testid={TEST_IDS.retry} onClick={onRetry}>
      {seconds > 0 ? text('problem.tryAgainIn', { count: seconds }) : text('problem.tryAgain')}
    </button>
  );
}

/** Says how long to wait, and leaves it to the person whether to knock when that is over: hosts have said no once. */
function KnockButton({ waitMs, onKnock }: { readonly waitMs: number; readonly onKnock: () => void }) {
  const text = useText();
  const seconds = useSecondsLeft(waitMs);
  return (
    <button
      type="button"
      className="button button--primary"
      data-testid={TEST_IDS.knockAgain}
      disabled={seconds > 0}
      onClick={onKnock}
    >
      {seconds > 0 ? text('problem.knockAgainIn', { count: seconds }) : text('problem.knockAgain')}
    </button>
  );
}

/** @param onOver called when none is left, unless none was from the start */
function useSecondsLeft(waitMs: number, onOver?: () => void): number {
  const [seconds, setSeconds] = useState(Math.ceil(waitMs / 1_000));
  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = setTimeout(() => {
      setSeconds(seconds - 1);
      if (seconds === 1) onOver?.();
    }, 1_000);
    return () => clearTimeout(timer);
  }, [seconds, onOver]);
  return seconds;
}
