/**
 * What forwarding costs: processor time of all of a side's processes by the packets that its receivers get, and how much
 * later these are for it. The sides have the same participants, who send the same packets, and take turns.
 */
import { Crowd, people } from './crowd.ts';
import type { Cost } from './crowd.ts';
import type { Comparison, Row, SideName } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startBare, startJanus, startServer } from './sides.ts';

/** Participants; how many of them have a camera, which all others show, and how large. */
const ROOMS = [
  { participants: 10, cameras: 10, layer: 1 },
  { participants: 50, cameras: 16, layer: 0 },
] as const;
const SPEAKING = 3;
const ROUNDS = 3;
const ROUND_MS = 6_000;

export async function compareForwarding(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const room of ROOMS) rows.push(...(await compareRoom(room)));
  return { title: 'Forwarding: all have a microphone, three speak', rows };
}

async function compareRoom({ participants, cameras, layer }: (typeof ROOMS)[number]): Promise<Row[]> {
  const plans = people(participants, (i) => ({
    ...{ camera: i < cameras, tiles: cameras, layer },
    microphone: i < SPEAKING ? 'speaking' : 'silent',
  }));
  const generator = await Generator.start();
  const sides = [await startServer(), await startBare(), ...(await startJanus())];
  const costs: Partial<Record<SideName, Cost[]>> = {};
  try {
    const crowds: Crowd[] = [];
    for (const side of sides) {
      const crowd = await Crowd.enter(generator, side, plans);
      await crowd.rest();
      crowds.push(crowd);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const crowd of crowds) (costs[crowd.side.name] ??= []).push(await crowd.measure(ROUND_MS));
    }
  } finally {
    await generator.close();
    await Promise.all(sides.map((side) => side.close()));
  }
  const shown = `room of ${participants}, ${cameras} with a camera`;
  const row = (what: string, unit: Row['unit'], of: (cost: Cost) => number, note?: string): Row => ({
    what: `${what}, ${shown}`,
    unit,
    values: Object.fromEntries(Object.entries(costs).map(([side, all]) => [side, all.map(of)])),
    ...(note === undefined ? {} : { note }),
  });
  return [
    row('processor time for a million packets', 's', ({ cpu, packets }) => (cpu / packets) * 1_000),
    row('all, of one processor', '%', ({ cpu, time }) => (cpu / time) * 100),
    row('packets forwarded, a second', '', ({ packets, time }) => (packets / time) * 1_000),
    row('lost', '%', ({ lost, packets }) => (lost / packets) * 100),
    row('delay of pictures, p50', 'ms', ({ delays }) => delays.video.p50 ?? NaN, 'with sender and receiver'),
    row('delay of pictures, p99', 'ms', ({ delays }) => delays.video.p99 ?? NaN, 'with sender and receiver'),
    row('the generator beside it, of one processor', '%', (cost) => (cost.generatorCpu / cost.time) * 100),
  ];
}
