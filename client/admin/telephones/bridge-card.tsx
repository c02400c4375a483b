import type { Bridge, Trunk } from '../api.ts';
import { Figure } from '../figure.tsx';
import { dayAndTime, milliseconds, percent } from '../format.ts';
import { useAdminText } from '../texts.ts';

interface BridgeCardProps {
  readonly bridge: Bridge;
  /** From 1 on: bridges have no names. */
  readonly index: number;
}

/** One bridge: what it has to do, and how its trunks are. */
export function BridgeCard({ bridge, index }: BridgeCardProps) {
  const text = useAdminText();
  const { trunks, load } = bridge;
  const calls = trunks.reduce((sum, trunk) => sum + trunk.calls, 0);
  return (
    <article className="bridge-card" data-testid="admin-bridge" aria-labelledby={`bridge-${index}`}>
      <h3 id={`bridge-${index}`} className="bridge-card__name">
        {text('bridge', { index })}
      </h3>
      {load?.refusing === true && (
        <p className="admin__notice" role="status">
          {text('refusing')}
        </p>
      )}
      <dl className="figures">
        <Figure name={text('calls')}>{calls}</Figure>
        <Figure name={text('cpu')}>{percent(load?.cpu ?? null, text.locale)}</Figure>
        <Figure name={text('lateness')}>{load ? milliseconds(load.latenessP99Ms, text.locale) : '–'}</Figure>
      </dl>
      <ul>
        {trunks.map((trunk) => (
          <TrunkRow key={trunk.name} trunk={trunk} />
        ))}
      </ul>
    </article>
  );
}

function TrunkRow({ trunk }: { readonly trunk: Trunk }) {
  const text = useAdminText();
  const { name, state, uri, since, calls, lastProblem } = trunk;
  const { locale } = text;
  return (
    <li className="trunk-row" data-state={state} data-testid="admin-trunk">
      <div className="trunk-row__words">
        <span className="trunk-row__name">{name}</span>
        <span className="trunk-row__state">
          {text(`trunk.${state}`)} · {text('since', { time: dayAndTime(since, locale) })}
        </span>
        {uri !== null && <span className="trunk-row__uri">{uri}</span>}
        {lastProblem && (
          <span className="trunk-row__problem">
            {text('lastProblem', { time: dayAndTime(lastProblem.at, locale) })}{' '}
            <span lang="en">{lastProblem.reason}</span>
          </span>
        )}
      </div>
      <dl className="figures">
        <Figure name={text('calls')}>{calls}</Figure>
      </dl>
    </li>
  );
}
