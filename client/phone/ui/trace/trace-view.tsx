import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useText, type PlainTextKey } from '../../../app/i18n/text.ts';
import { useObservable } from '../../../app/ui/use-observable.ts';
import { asText, filtered, summaryOf } from '../../agent/trace.ts';
import type { Trace, TraceEntry, TraceFilter } from '../../agent/trace.ts';
import { PHONE_IDS } from '../testids.ts';
import './trace.css';

const DIRECTIONS = {
  both: 'phone.traceBoth',
  sent: 'phone.traceSent',
  received: 'phone.traceReceived',
} as const satisfies Record<TraceFilter['direction'], PlainTextKey>;

const isDirection = (value: string): value is TraceFilter['direction'] => value in DIRECTIONS;

/** What went over the wire, newest first. */
export function TraceView({ trace }: { readonly trace: Trace }) {
  const text = useText();
  const [filter, setFilter] = useState<TraceFilter>({ direction: 'both', words: '' });
  const entries = filtered(useObservable(trace), filter);
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(asText(entries));
      setOutcome('copied');
    } catch {
      // Refused, or absent on plain HTTP.
      setOutcome('failed');
    }
  };
  return (
    <section className="pane" aria-labelledby="trace-heading" data-testid={PHONE_IDS.trace}>
      <header className="pane__head">
        <h2 id="trace-heading" className="pane__heading">
          {text('phone.trace')}
        </h2>
        <button
          type="button"
          className="button button--small"
          disabled={entries.length === 0}
          onClick={() => void copy()}
        >
          {text('phone.traceCopy')}
        </button>
        <button type="button" className="button button--small" onClick={() => trace.clear()}>
          {text('phone.traceClear')}
        </button>
      </header>
      <p className="trace__hint">{text('phone.traceHint')}</p>
      {/* On a line of its own: beside the buttons it would leave no room for the heading. */}
      <p role="status" className="trace__hint">
        {outcome !== null && text(outcome === 'copied' ? 'phone.traceCopied' : 'phone.traceCopyFailed')}
      </p>
      <Filter filter={filter} onChange={setFilter} />
      {entries.length === 0 ? (
        <p className="pane__empty">{text('phone.traceEmpty')}</p>
      ) : (
        <ol className="pane__scroll" reversed tabIndex={0} aria-labelledby="trace-heading">
          {entries.toReversed().map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

interface FilterProps {
  readonly filter: TraceFilter;
  readonly onChange: (filter: TraceFilter) => void;
}

function Filter({ filter, onChange }: FilterProps) {
  const text = useText();
  const words = useId();
  const direction = useId();
  return (
    <div className="trace__filter">
      <label className="field" htmlFor={words}>
        <span className="field__label">{text('phone.traceFilter')}</span>
        <input
          id={words}
          className="input"
          value={filter.words}
          autoComplete="off"
          spellCheck={false}
          placeholder="INVITE"
          data-testid={PHONE_IDS.traceFilter}
          onChange={({ target }) => onChange({ ...filter, words: target.value })}
        />
      </label>
      <label className="field" htmlFor={direction}>
        <span className="field__label">{text('phone.traceDirection')}</span>
        <select
          id={direction}
          className="select"
          value={filter.direction}
          onChange={({ target }) => {
            if (isDirection(target.value)) onChange({ ...filter, direction: target.value });
          }}
        >
          {Object.entries(DIRECTIONS).map(([value, key]) => (
            <option key={value} value={value}>
              {text(key)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Entry({ entry }: { readonly entry: TraceEntry }) {
  const text = useText();
  const at = new Date(entry.at);
  const time = new Intl.DateTimeFormat(text.locale, {
    timeStyle: 'medium',
    hour12: false,
  }).format(at);
  const isSent = entry.direction === 'sent';
  return (
    <li data-testid={PHONE_IDS.traceEntry} data-direction={entry.direction}>
      <details className="trace-entry">
        <summary className="trace-entry__head">
          <time dateTime={at.toISOString()}>
            {time}.{String(at.getMilliseconds()).padStart(3, '0')}
          </time>
          <span className="trace-entry__direction">
            {isSent ? (
              <ArrowUpRight size={16} aria-hidden="true" />
            ) : (
              <ArrowDownLeft size={16} aria-hidden="true" />
            )}
            <span className="visually-hidden">{text(DIRECTIONS[entry.direction])}</span>
          </span>
          <span className="trace-entry__what">{summaryOf(entry)}</span>
        </summary>
        <pre className="trace-entry__text" tabIndex={0}>
          {entry.text}
        </pre>
      </details>
    </li>
  );
}
