import { TriangleAlert } from 'lucide-react';
import { useText } from '../i18n/text.ts';
import type { LocalMedia } from '../media/local-media.ts';
import { deviceProblems } from '../media/problem-texts.ts';
import { TEST_IDS } from '../testids.ts';
import { useObservable } from '../ui/use-observable.ts';
import './device-problems.css';

/** What keeps microphone or camera away, and what helps. */
export function DeviceProblems({ media }: { readonly media: LocalMedia }) {
  const text = useText();
  const problems = deviceProblems(useObservable(media));
  if (problems.length === 0) return null;
  return (
    <div className="device-problems" role="alert" data-testid={TEST_IDS.deviceProblem}>
      {problems.map(({ heading, hint }) => (
        <div key={heading} className="device-problems__one">
          <TriangleAlert size={20} aria-hidden="true" />
          <div>
            <p className="device-problems__heading">{text(heading)}</p>
            <p>{text(hint)}</p>
          </div>
        </div>
      ))}
      <button
        type="button"
        className="button button--small"
        data-testid={TEST_IDS.retry}
        onClick={() => void media.start()}
      >
        {text('prejoin.tryAgain')}
      </button>
    </div>
  );
}
