import type { MediaWorker, Overview } from './api.ts';
import { Figure } from './figure.tsx';
import { bitrate, megabytes, percent } from './format.ts';
import { LogPanel } from './log-panel.tsx';
import { RoomCard } from './room-card.tsx';
import { useAdminText } from './texts.ts';

interface RoomsPageProps {
  readonly overview: Overview;
  /** The room whose log is shown; null for none. */
  readonly logOf: string | null;
  readonly onLog: (room: string | null) => void;
  /** Something was done that shows. */
  readonly onChanged: () => void;
}

/** What goes on, the most expensive room first. */
export function RoomsPage({ overview, logOf, onLog, onChanged }: RoomsPageProps) {
  const text = useAdminText();
  const rooms = overview.rooms.toSorted(
    (a, b) => b.bitrateIn + b.bitrateOut - (a.bitrateIn + a.bitrateOut) || a.name.localeCompare(b.name),
  );
  return (
    <>
      {overview.draining && (
        <p className="admin__notice" role="status">
          {text('draining')}
        </p>
      )}
      <Totals overview={overview} />
      {logOf !== null && <LogPanel key={logOf} room={logOf} onClose={() => onLog(null)} />}
      {rooms.length === 0 ? (
        <div className="admin__empty">
          <p className="admin__empty-words">{text('nobody')}</p>
          <p>{text('nobodyHint')}</p>
        </div>
      ) : (
        <ul className="admin__rooms">
          {rooms.map((room) => (
            <RoomCard key={room.name} room={room} onLog={() => onLog(room.name)} onEnded={onChanged} />
          ))}
        </ul>
      )}
      <Workers workers={overview.workers} />
    </>
  );
}

function Totals({ overview: { rooms } }: { readonly overview: Overview }) {
  const text = useAdminText();
  const people = sum(rooms.map((room) => room.people.length));
  const count = rooms.length;
  return (
    <section className="admin__totals" aria-live="off">
      <h2 className="admin__total">
        {people === 0
          ? text('rooms')
          : people === 1
            ? text('onePerson', { count })
            : text('summary', { people, count })}
      </h2>
      <dl className="figures">
        <Figure name={text('received')}>{bitrate(sum(rooms.map((r) => r.bitrateIn)), text.locale)}</Figure>
        <Figure name={text('sent')}>{bitrate(sum(rooms.map((r) => r.bitrateOut)), text.locale)}</Figure>
      </dl>
    </section>
  );
}

function Workers({ workers }: { readonly workers: readonly MediaWorker[] }) {
  const text = useAdminText();
  return (
    <section className="admin__workers" aria-labelledby="workers">
      <h2 id="workers" className="admin__heading">
        {text('workers')}
      </h2>
      <ul className="admin__worker-list">
        {workers.map(({ index, cpuShare, maxMemoryBytes, load }) => (
          <li key={index} className="admin__worker">
            <h3 className="admin__worker-name">{text('worker', { index })}</h3>
            <meter className="admin__meter" min={0} max={1} value={cpuShare ?? 0} aria-label={text('cpu')} />
            <dl className="figures">
              <Figure name={text('cpu')}>{percent(cpuShare, text.locale)}</Figure>
              <Figure name={text('memory')}>{megabytes(maxMemoryBytes, text.locale)}</Figure>
              <Figure name={text('load')}>{load}</Figure>
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
