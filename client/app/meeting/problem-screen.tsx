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
  const [seconds, setSeconds] = useState(Math.ceil(waitMs / 1_000));

  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = setTimeout(() => {
      setSeconds(seconds - 1);
      if (seconds === 1) onRetry();
    }, 1_000);
    return () => clearTimeout(timer);
  }, [seconds, onRetry]);

  return (
    <button type="button" className="button button--primary" data-testid={TEST_IDS.retry} onClick={onRetry}>
      {seconds > 0 ? text('problem.tryAgainIn', { count: seconds }) : text('problem.tryAgain')}
    </button>
  );
}
