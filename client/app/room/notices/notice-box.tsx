import type { ReactNode } from 'react';
import { TEST_IDS } from '../../testids.ts';
import type { Tone } from './notice-board.ts';
import './notices.css';

type Cause =
  | 'reconnecting'
  | 'draining'
  | 'media-connecting'
  | 'media-blocked'
  | 'sound-blocked'
  | 'sound-only'
  | 'knock';

interface NoticeBoxProps {
  readonly tone: Tone;
  /** Why a lasting one is there. */
  readonly cause?: Cause;
  readonly children: ReactNode;
}

/** The look of one notice. */
export function NoticeBox({ tone, cause, children }: NoticeBoxProps) {
  return (
    <div
      className={`notices__one notices__one--${tone}`}
      data-testid={TEST_IDS.notice}
      data-tone={tone}
      data-cause={cause}
    >
      {children}
    </div>
  );
}
