/** A class: one shows, many watch, five speak. What each gets, and what it takes. */
import { Crowd, people } from './crowd.ts';
import type { Cost } from './crowd.ts';
import type { Comparison, Row, SideName } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startJanus, startServer } from './sides.ts';

/** The larger class is as much as one generator can receive of. */
const WATCHING = [100, 200] as const;
const SPEAKING = 5;
const ROUNDS = 3;
const ROUND_MS = 5_000;

export async function compareClass(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const watching of WATCHING) rows.push(...(await compareSize(watching)));
  return { title: `A class: one camera, ${SPEAKING} speak, the others watch`, rows };
}

async function compareSize(watching: number): Promise<Row[]> {
  const generator = await Generator.start();
  const sides = [await startServer({ MAX_PARTICIPANTS_PER_ROUTER: '1000' }), ...(await startJanus())];
  const costs: Partial<Record<SideName, Cost[]>> = {};
  const streams: Partial<Record<SideName, number[]>> = {};
  const plans = people(1 + watching, (i) => ({
    ...{ camera: i === 0, tiles: 1, layer: 0 },
    microphone: i >= 1 && i <= SPEAKING ? 'speaking' : 'none',
  }));
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
    for (const crowd of crowds) streams[crowd.side.name] = [Math.max(...(await crowd.streams()))];
  } finally {
    await generator.close();
    await Promise.all(sides.map((side) => side.close()));
  }
  const row = (what: string, unit: Row['unit'], of: (cost: Cost) => number): Row => ({
    ...{ what: `${what}, ${watching} watch`, unit },
    values: Object.fromEntries(Object.entries(costs).map(([side, all]) => [side, all.map(of)])),
  });
  return [
    { what: `most streams that one receives, ${watching} watch`, unit: 'streams', values: streams },
    row('processor time for a million packets', 's', ({ cpu, packets }) => (cpu / packets) * 1_000),
    row('all, of one processor', '%', ({ cpu, time }) => (cpu / time) * 100),
    row('forwarded', 'Mbit/s', ({ bytes, time }) => (bytes * 8) / time / 1_000),
    row('lost', '%', ({ lost, packets }) => (lost / packets) * 100),
    row('delay of voices, p50', 'ms', ({ delays }) => delays.audio.p50 ?? NaN),
    row('delay of voices, p99', 'ms', ({ delays }) => delays.audio.p99 ?? NaN),
    row('the generator beside it, of one processor', '%', (cost) => (cost.generatorCpu / cost.time) * 100),
  ];
}
