import { describe, expect, it } from 'vitest';
import { trunksAfter } from '../../../server/signalling/bridge-status.ts';
import type { TrunkState } from '../../../server/signalling/contract/bridge.ts';

const well: TrunkState = { name: 'office', state: 'registered', uri: 'wss://pbx/', reason: null, calls: 0 };
const ill: TrunkState = { ...well, state: 'failed', uri: null, reason: 'refused: 403' };

describe('Trunks', () => {
  it('are in their state since it was told first, whatever else is told', () => {
    const first = trunksAfter([], [well], 1_000);
    expect(first).toEqual([{ ...well, since: 1_000, lastProblem: null }]);
    expect(trunksAfter(first, [{ ...well, calls: 3 }], 2_000)).toEqual([
      { ...well, calls: 3, since: 1_000, lastProblem: null },
    ]);
  });

  it('keep their last problem when they are well again', () => {
    const lastProblem = { reason: 'refused: 403', at: 2_000 };
    const failed = trunksAfter(trunksAfter([], [well], 1_000), [ill], 2_000);
    expect(failed).toEqual([{ ...ill, since: 2_000, lastProblem }]);
    const again = trunksAfter(failed, [{ ...ill, calls: 1 }], 3_000);
    expect(again).toMatchObject([{ since: 2_000, lastProblem }]);
    const other = trunksAfter(again, [{ ...ill, reason: 'timeout' }], 4_000);
    expect(other).toMatchObject([{ since: 2_000, lastProblem: { reason: 'timeout', at: 4_000 } }]);
    expect(trunksAfter(failed, [well], 5_000)).toEqual([{ ...well, since: 5_000, lastProblem }]);
  });

  it('are gone when they are no longer told', () => {
    const both = trunksAfter([], [well, { ...well, name: 'carrier' }], 1_000);
    expect(trunksAfter(both, [well], 2_000).map(({ name }) => name)).toEqual(['office']);
  });
});
