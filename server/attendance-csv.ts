/** Attendance as a spreadsheet reads it. */
import { stringify } from 'csv-stringify/sync';
import type { Attendance } from './conference/model.ts';

const COLUMNS = ['name', 'kind', 'role', 'joined', 'left', 'minutes', 'hands'];

/**
 * RFC 4180, times in UTC (ISO 8601). What people gave as their name cannot become a formula.
 *
 * @param now ms since the epoch: the end of the stay, as far as minutes go, of those who are still there
 */
export function attendanceCsv(rows: readonly Attendance[], now: number): string {
  const cells = rows.map(({ name, kind, role, joinedAt, leftAt, hands }) => [
    name,
    kind,
    role,
    new Date(joinedAt).toISOString(),
    leftAt === null ? '' : new Date(leftAt).toISOString(),
    // The clock may have been set back since.
    Math.max(0, (leftAt ?? now) - joinedAt) / 60_000,
    hands,
  ]);
  return stringify([COLUMNS, ...cells], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { number: (value) => String(Math.round(value * 10) / 10) },
  });
}
