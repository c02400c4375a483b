import { useEffect, useState, type ReactNode } from 'react';
import type { RoomClient, RoomState, Source, StreamStats } from '../../../sdk/types.ts';
import { useText, type PlainTextKey, type Text } from '../../i18n/text.ts';
import { isRoomError } from '../../meeting/room-error.ts';
import { TEST_IDS } from '../../testids.ts';
import { Panel } from '../panel.tsx';
import { Graph } from './graph.tsx';
import { INTERVAL_MS, withStats, type StatsHistory, type StreamHistory } from './history.ts';
import './stats.css';

interface StatsPanelProps {
  readonly client: RoomClient;
  readonly state: RoomState;
  readonly onClose: () => void;
}

/** How every stream fares, for those who want to know. */
export function StatsPanel({ client, state, onClose }: StatsPanelProps) {
  const text = useText();
  const history = useHistory(client);
  const ofDirection = (direction: StreamStats['direction']): readonly StreamHistory[] =>
    history?.streams.filter(({ now }) => now.direction === direction) ?? [];
  return (
    <Panel heading={text('stats.heading')} testId={TEST_IDS.statsPanel} onClose={onClose}>
      {/* Reachable by keyboard, as what scrolls must be. */}
      <div className="stats" tabIndex={0} role="group" aria-label={text('stats.heading')}>
        {history ? (
          <>
            <Way history={history} />
            <Streams heading={text('stats.sent')} streams={ofDirection('send')} state={state} />
            <Streams heading={text('stats.received')} streams={ofDirection('receive')} state={state} />
          </>
        ) : (
          <p className="stats__waiting">{text('stats.waiting')}</p>
        )}
      </div>
    </Panel>
  );
}

/** Read as long as the panel is open; nothing is measured behind anybody's back. */
function useHistory(client: RoomClient): StatsHistory | null {
  const [history, setHistory] = useState<StatsHistory | null>(null);
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const stats = await client.stats();
        if (!isOver) setHistory((before) => withStats(before, stats));
      } catch (error) {
        // Between two connections there is nothing to read; the next round may find something again.
        if (!isRoomError(error)) throw error;
      }
    };
    void read();
    const timer = setInterval(() => void read(), INTERVAL_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [client]);
  return history;
}

/** The way that all streams take. */
function Way({ history: { latest, streams } }: { readonly history: StatsHistory }) {
  const text = useText();
  const sumOf = (direction: StreamStats['direction']): number =>
    streams.reduce((sum, { now }) => sum + (now.direction === direction ? now.bitrate : 0), 0);
  return (
    <dl className="stats__figures">
      <Figure name={text('stats.path')} value={latest.protocol?.toUpperCase() ?? '–'} />
      <Figure name={text('stats.roundTrip')} value={milliseconds(latest.rttMs, text)} />
      <Figure name={text('stats.sent')} value={bitrate(sumOf('send'), text)} />
      <Figure name={text('stats.received')} value={bitrate(sumOf('receive'), text)} />
      {latest.availableSendBitrate !== null && (
        <Figure name={text('stats.canSend')} value={bitrate(latest.availableSendBitrate, text)} />
      )}
    </dl>
  );
}

interface StreamsProps {
  readonly heading: string;
  readonly streams: readonly StreamHistory[];
  readonly state: RoomState;
}

function Streams({ heading, streams, state }: StreamsProps) {
  if (streams.length === 0) return null;
  return (
    <section>
      <h3 className="stats__heading">{heading}</h3>
      <ul>
        {streams.map((stream) => (
          <Stream key={stream.key} stream={stream} state={state} />
        ))}
      </ul>
    </section>
  );
}

const SOURCES: Record<Source, PlainTextKey> = {
  microphone: 'stats.sourceMicrophone',
  camera: 'stats.sourceCamera',
  screen: 'stats.sourceScreen',
  screenAudio: 'stats.sourceScreenAudio',
};

function Stream({ stream, state }: { readonly stream: StreamHistory; readonly state: RoomState }) {
  const text = useText();
  const { now, samples } = stream;
  const publication = state.publications.find(({ id }) => id === now.publicationId);
  const owner = state.participants.find(({ id }) => id === publication?.participantId);
  const source = publication ? text(SOURCES[publication.source]) : '';
  return (
    <li
      className="stats__stream"
      data-testid={TEST_IDS.stream}
      data-publication-id={now.publicationId}
      data-direction={now.direction}
    >
      <h4 className="stats__title">
        {now.direction === 'receive' && owner && <span dir="auto">{owner.name}</span>}
        <span className="stats__source">{source}</span>
      </h4>
      <Course
        name={text('stats.bitrate')}
        value={bitrate(now.bitrate, text)}
        values={samples.map((sample) => sample.bitrate)}
        atLeast={30_000}
      />
      <Course
        name={text('stats.loss')}
        value={percent(now.loss, text)}
        values={samples.map(({ loss }) => loss)}
        atLeast={0.05}
      />
      <Course
        name={text('stats.roundTrip')}
        value={milliseconds(now.rttMs, text)}
        values={samples.map(({ rttMs }) => rttMs)}
        atLeast={50}
      />
      <dl className="stats__figures">
        {now.width !== null && now.height !== null && (
          <Figure
            name={text('stats.resolution')}
            value={`${now.width} × ${now.height}${now.framesPerSecond === null ? '' : ` · ${Math.round(now.framesPerSecond)} fps`}`}
          />
        )}
        {now.layers && <Figure name={text('stats.layer')} value={layers(now.layers)} />}
        <Figure name={text('stats.codec')} value={now.codec ?? '–'} />
        {now.jitterMs !== null && (
          <Figure name={text('stats.jitter')} value={milliseconds(now.jitterMs, text)} />
        )}
      </dl>
    </li>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div className="stats__figure">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface CourseProps {
  readonly name: string;
  readonly value: string;
  readonly values: readonly (number | null)[];
  readonly atLeast: number;
}

/** A figure with its last minute. */
function Course({ name, value, values, atLeast }: CourseProps) {
  const text = useText();
  return (
    <div className="stats__course">
      <span className="stats__course-name">{name}</span>
      <Graph values={values} atLeast={atLeast} label={text('stats.graph', { figure: name, value })} />
      <span className="stats__course-value">{value}</span>
    </div>
  );
}

function bitrate(bitsPerSecond: number, text: Text): string {
  const kbps = bitsPerSecond / 1_000;
  if (kbps < 1_000) return text('unit.kbps', { value: Math.round(kbps) });
  return text('unit.mbps', { value: Math.round(kbps / 100) / 10 });
}

function percent(share: number, text: Text): string {
  return text('unit.percent', { value: Math.round(share * 1_000) / 10 });
}

function milliseconds(value: number | null, text: Text): string {
  return value === null ? '–' : text('unit.ms', { value: Math.round(value) });
}

/** The picture's size, and its rate of frames: as engineers write them. */
function layers({ spatialLayer, temporalLayer }: NonNullable<StreamStats['layers']>): string {
  return temporalLayer === undefined ? `S${spatialLayer}` : `S${spatialLayer} T${temporalLayer}`;
}
