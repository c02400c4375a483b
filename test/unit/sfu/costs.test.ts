import { describe, expect, it } from 'vitest';
import { withShares } from '../../../server/sfu/costs.ts';

const person = (participantId: string, worker: number, bits: number) => ({
  ...{ participantId, worker, bitrateIn: bits / 2, bitrateOut: bits / 2 },
});
const sharesOf = (...args: Parameters<typeof withShares>) =>
  withShares(...args).map(({ cpuShare }) => cpuShare);

describe('The processor time of rooms', () => {
  const rooms = [
    { room: 'a', participants: [person('1', 0, 300), person('2', 1, 100)] },
    { room: 'b', participants: [person('3', 0, 100)] },
    { room: 'c', participants: [] },
  ];

  it('is shared out by the bits that each has on each worker, and none is lost', () => {
    const workers = [
      { index: 0, cpuShare: 0.4 },
      { index: 1, cpuShare: 0.2 },
    ];
    const shares = sharesOf(workers, rooms);
    expect(shares[0]).toBeCloseTo(0.5);
    expect(shares[1]).toBeCloseTo(0.1);
    expect(shares[2]).toBe(0);
  });

  it('is not known where that of a worker is not', () => {
    const workers = [
      { index: 0, cpuShare: 0.4 },
      { index: 1, cpuShare: null },
    ];
    expect(sharesOf(workers, rooms)).toEqual([null, expect.closeTo(0.1), 0]);
    expect(sharesOf([], rooms)).toEqual([null, null, 0]);
  });

  it('is nothing for those who send and receive nothing', () => {
    const silent = [{ room: 'a', participants: [person('1', 0, 0)] }];
    expect(sharesOf([{ index: 0, cpuShare: 0.1 }], silent)).toEqual([0]);
  });
});
