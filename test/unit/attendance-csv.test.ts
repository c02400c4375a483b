import { describe, expect, it } from 'vitest';
import { attendanceCsv } from '../../server/attendance-csv.ts';

const START = Date.UTC(2026, 10, 25, 9);

function rowsOf(...names: string[]): string[] {
  const stays = names.map((name, index) => ({
    ...{ participantId: String(index), name, kind: 'browser' as const, role: 'participant' as const },
    ...{ joinedAt: START, leftAt: index === 0 ? START + 90_000 : null, hands: index },
  }));
  return attendanceCsv(stays, START + 3_600_000).split('\r\n');
}

describe('Attendance as CSV', () => {
  it('has a line for each stay, with minutes until now for those who are there', () => {
    expect(rowsOf('Ana', 'Ben')).toEqual([
      'name,kind,role,joined,left,minutes,hands',
      'Ana,browser,participant,2026-11-25T09:00:00.000Z,2026-11-25T09:01:30.000Z,1.5,0',
      'Ben,browser,participant,2026-11-25T09:00:00.000Z,,60,1',
      '',
    ]);
  });

  it('quotes what has commas, quotation marks or lines in it (RFC 4180)', () => {
    expect(rowsOf('A, "B"')[1]).toMatch(/^"A, ""B""",browser/);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\uFF1D1'])('makes no formula of %j', (name) => {
    expect(rowsOf(name)[1]).toMatch(/^"?'/);
  });
});
