import { describe, expect, it } from 'vitest';
import {
  STATE_TEXTS,
  isUnderWay,
  isWorthAnotherTry,
  latestCalls,
  progressBetween,
} from '../../../client/app/room/calls/calls.ts';
import type { Dial, DialState } from '../../../client/sdk/types.ts';

const call = (id: string, state: DialState, destination = id): Dial => ({
  id,
  state,
  destination,
  by: 'Ana',
});

describe('calls out of a room', () => {
  it('are listed the newest first, each number once', () => {
    const dials = [call('1', 'busy', '700'), call('2', 'answered', '701'), call('3', 'ringing', '700')];
    expect(latestCalls(dials).map(({ id }) => id)).toEqual(['3', '2']);
  });

  it('are told when something is new of them', () => {
    const before = [call('1', 'dialling'), call('2', 'ringing'), call('3', 'busy')];
    const after = [call('1', 'ringing'), call('2', 'ringing'), call('3', 'busy'), call('4', 'dialling')];
    expect(progressBetween(before, after).map(({ id }) => id)).toEqual(['1']);
  });

  it('are tried again only where that may help', () => {
    const all = Object.keys(STATE_TEXTS) as DialState[];
    expect(all.filter((state) => isUnderWay(call('1', state)))).toEqual(['dialling', 'ringing']);
    expect(all.filter((state) => isWorthAnotherTry(call('1', state)))).toEqual([
      'busy',
      'declined',
      'no-answer',
      'cancelled',
      'unreachable',
      'network-failed',
      'no-line',
      'lines-busy',
      'failed',
    ]);
  });
});
