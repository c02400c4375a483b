import { useEffect, useRef, useState } from 'react';
import { followLog } from './api.ts';
import type { LogLine } from './api.ts';
import { timeOfDay } from './format.ts';
import { useAdminText } from './texts.ts';

interface LogPanelProps {
  readonly room: string;
  readonly onClose: () => void;
}

/** Lines that are kept; older ones go. */
const MAX_LINES = 1_000;
/** How near to the end somebody has to be for new lines to scroll, in CSS pixels. */
const NEAR_END = 40;

/** pino's numbers. */
const LEVELS = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);
const SHOWN_APART = new Set(['level', 'time', 'msg', 'room']);

/** One room's log as it is written. */
export function LogPanel({ room, onClose }: LogPanelProps) {
  const text = useAdminText();
  const lines = useLog(room);
  const list = useRef<HTMLOListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isAtEnd = useRef(true);

  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    const { current } = list;
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [lines]);

  return (
    <section className="log-panel" aria-labelledby="log-heading">
      <header className="log-panel__head">
        <h2 id="log-heading" ref={heading} className="admin__heading" tabIndex={-1}>
          {text('logOf', { room })}
        </h2>
        <button type="button" className="button button--small" onClick={onClose}>
          {text('closeLog')}
        </button>
      </header>
      {/* Reachable by keyboard, as what scrolls must be. */}
      <ol
        ref={list}
        className="log-panel__lines"
        data-testid="admin-log"
        tabIndex={0}
        aria-label={text('logOf', { room })}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
        }}
      >
        {lines.length === 0 && <li className="log-panel__line">{text('noLines')}</li>}
        {lines.map(({ number, line }) => (
          <Line key={number} line={line} />
        ))}
      </ol>
    </section>
  );
}

function Line({ line }: { readonly line: LogLine }) {
  const text = useAdminText();
  const level = LEVELS.get(line.level) ?? String(line.level);
  const details = Object.entries(line)
    .filter(([key]) => !SHOWN_APART.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return (
    <li className="log-panel__line" data-level={level}>
      <time dateTime={line.time}>{timeOfDay(line.time, text.language, true)}</time>
      <span className="log-panel__level">{level}</span>
      <span className="log-panel__words" lang="en">
        {line.msg} <span className="log-panel__details">{details.join(' ')}</span>
      </span>
    </li>
  );
}

interface NumberedLine {
  readonly number: number;
  readonly line: LogLine;
}

function useLog(room: string): readonly NumberedLine[] {
  const [lines, setLines] = useState<readonly NumberedLine[]>([]);
  useEffect(() => {
    let count = 0;
    return followLog(
      room,
      () => setLines([]),
      (line) => {
        count += 1;
        const numbered = { number: count, line };
        setLines((before) => [...before, numbered].slice(-MAX_LINES));
      },
    );
  }, [room]);
  return lines;
}
