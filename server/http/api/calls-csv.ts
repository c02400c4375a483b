/** Call records as a spreadsheet reads them. */
import { stringify } from 'csv-stringify/sync';
import type { CallRecord } from '../../signalling/contract/bridge.ts';

/** The heading of each column. Times are in UTC (ISO 8601). */
const COLUMNS: Record<keyof CallRecord, string> = {
  startedAt: 'started',
  answeredAt: 'answered',
  endedAt: 'ended',
  direction: 'direction',
  trunk: 'trunk',
  number: 'number',
  name: 'name',
  called: 'called',
  room: 'room',
  reason: 'reason',
  fault: 'fault',
  sipStatus: 'sip status',
  failedPins: 'failed pins',
  leg: 'leg',
  codec: 'codec',
  packetsReceived: 'packets received',
  packetsLost: 'packets lost',
  jitterMs: 'jitter ms',
  callId: 'call',
};

const OPTIONS = {
  columns: COLUMNS,
  record_delimiter: '\r\n',
  // What callers gave as their name or number cannot become a formula: a ' is before it.
  escape_formulas: true,
  cast: { date: (value: Date) => value.toISOString() },
} as const;

/** RFC 4180, page by page, so that no more is in memory than one. */
export function* callsCsv(pages: Iterable<readonly CallRecord[]>): Generator<string> {
  yield stringify([], { ...OPTIONS, header: true });
  for (const calls of pages) yield stringify(calls.map(withDates), OPTIONS);
}

function withDates({ startedAt, answeredAt, endedAt, ...rest }: CallRecord) {
  return {
    ...rest,
    startedAt: new Date(startedAt),
    answeredAt: answeredAt === null ? null : new Date(answeredAt),
    endedAt: new Date(endedAt),
  };
}
