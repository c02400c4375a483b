import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';
import { useFirstFocus } from './use-first-focus.ts';
import './message.css';

interface MessageProps {
  readonly heading: string;
  readonly hint?: string | undefined;
  /** An icon in place of the logo. */
  readonly icon?: ReactNode;
  readonly testId?: string;
  /** For whoever runs the server, and for tests. */
  readonly code?: string;
  /** What can be done now. */
  readonly children: ReactNode;
}

/** A screen that says one thing and offers the ways on. */
export function Message({ heading, hint, icon, testId, code, children }: MessageProps) {
  const title = useFirstFocus<HTMLHeadingElement>();
  return (
    <main className="message" data-testid={testId} data-code={code}>
      <span className="message__icon">{icon ?? <Logo />}</span>
      <h1 ref={title} className="message__heading" tabIndex={-1}>
        {heading}
      </h1>
      {hint !== undefined && <p className="message__hint">{hint}</p>}
      <div className="message__actions">{children}</div>
    </main>
  );
}
