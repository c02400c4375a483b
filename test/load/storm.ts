/** 200 people come into one room within ten seconds, as a class does at the hour. */
import { sleep } from '../helpers/wait.ts';
import { Crowd, people } from './crowd.ts';
import { percentile } from './figures.ts';
import type { Comparison, Row } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startServer, treeCpuMs } from './sides.ts';

const PEOPLE = 200;
const WITHIN_MS = 10_000;
/** The first of them show themselves; all show those. */
const CAMERAS = 2;
/** Until the last has seen a picture, in ms. */
const SETTLE_MS = 5_000;
const LAG = 'nodejs_eventloop_lag_p99_seconds';

export async function measureStorm(): Promise<Comparison> {
  const generator = await Generator.start();
  const side = await startServer();
  try {
    // Reading it begins a new measurement.
    await side.server.metric(LAG);
    const cpu = treeCpuMs(side.pid);
    const plans = people(PEOPLE, (i) => ({ camera: i < CAMERAS, microphone: 'muted', tiles: CAMERAS }));
    const crowd = await Crowd.enter(generator, side, plans, WITHIN_MS / PEOPLE);
    const lag = (await side.server.metric(LAG)).get('') ?? NaN;
    const spent = treeCpuMs(side.pid) - cpu;
    await sleep(SETTLE_MS);
    const frames = await crowd.firstFrames();
    const seen = frames.filter((ms) => ms !== null);
    const { traffic, latenessP99Ms } = await generator.ask('report', null);
    const row = (what: string, unit: Row['unit'], value: number, note?: string): Row => ({
      ...{ what, unit, values: { server: [value] } },
      ...(note === undefined ? {} : { note }),
    });
    const times = (what: string, all: readonly number[]): Row[] =>
      [50, 95, 99].map((share) => row(`${what}, p${share}`, 'ms', percentile(all, share)));
    return {
      title: `${PEOPLE} people join one room within ${WITHIN_MS / 1_000} s, ${CAMERAS} with a camera`,
      rows: [
        row('came in', '', crowd.entries.length),
        row('have seen a picture', '', seen.length),
        ...times(
          'join to answer',
          crowd.entries.map(({ answeredMs }) => answeredMs),
        ),
        ...times(
          'join to media',
          crowd.entries.map(({ connectedMs }) => connectedMs),
        ),
        ...times('join to first picture', seen),
        row('event-loop delay of the server, p99', 'ms', lag * 1_000, 'with 10 ms of the measurement'),
        row('event-loop delay of the generator, p99', 'ms', latenessP99Ms, 'its own, in all times above'),
        row('processor time of the server', 's', spent / 1_000),
        row('signalling to each', 'messages', traffic.messages / PEOPLE),
        row('signalling to each', 'KiB', traffic.bytes / PEOPLE / 1_024),
      ],
    };
  } finally {
    await generator.close();
    await side.close();
  }
}
