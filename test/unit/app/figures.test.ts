import { describe, expect, it } from 'vitest';
import type { RoomStats, StreamStats } from '../../../client/sdk/types.ts';
import { pathOf } from '../../../client/app/room/stats/graph.tsx';
import { MAX_SAMPLES, withStats } from '../../../client/app/room/stats/history.ts';
import type { StatsHistory } from '../../../client/app/room/stats/history.ts';

const stream = (publicationId: string, bitrate: number): StreamStats => ({
  publicationId,
  direction: 'receive',
  kind: 'video',
  codec: 'VP8',
  bitrate,
  loss: 0,
  rttMs: null,
  jitterMs: null,
  width: null,
  height: null,
  framesPerSecond: null,
  layers: null,
});
const stats = (...streams: StreamStats[]): RoomStats => ({
  at: 0,
  streams,
  rttMs: null,
  availableSendBitrate: null,
  protocol: null,
});

describe('the history of figures', () => {
  it('keeps a minute of each stream, and forgets streams that are gone', () => {
    let history: StatsHistory | null = null;
    for (let second = 0; second < 90; second += 1)
      history = withStats(history, stats(stream('a', second), ...(second < 80 ? [stream('b', 0)] : [])));
    expect(history?.streams.map(({ key }) => key)).toEqual(['receive a']);
    const samples = history?.streams[0]?.samples ?? [];
    expect([samples.length, samples[0]?.bitrate, samples.at(-1)?.bitrate]).toEqual([MAX_SAMPLES, 30, 89]);
  });
});

describe('a graph', () => {
  it('needs two values, and bridges gaps', () => {
    expect(pathOf([5], 1)).toBe('');
    expect(pathOf([null, 1, null, 2], 1).split('L')).toHaveLength(2);
  });

  it('ends at the right edge, and is as high as its largest value', () => {
    expect(pathOf([0, 100], 1)).toMatch(/ 23\.0L120\.0 1\.0$/);
  });

  it('keeps small values low', () => {
    expect(pathOf([0, 1], 100)).toMatch(/L120\.0 22\.8$/);
  });
});
