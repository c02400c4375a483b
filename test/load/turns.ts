/** Sides that take turns at the same load, so that what else the machine does concerns all of them. */
import { Crowd } from './crowd.ts';
import type { Cost } from './crowd.ts';
import type { Row, SideName } from './figures.ts';
import { Generator } from './generator/generator.ts';
import type { Plan } from './generator/plan.ts';
import type { Side } from './sides.ts';

export interface Turns {
  /** What each turn of each side took. */
  costs: Partial<Record<SideName, Cost[]>>;
  /** The most streams that one participant has received. */
  mostStreams: Partial<Record<SideName, number[]>>;
}

/** Ends the sides, too. @param roundMs of each turn */
export async function takeTurns(
  sides: readonly Side[],
  plans: Plan[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Turns> {
  const generator = await Generator.start();
  const costs: Turns['costs'] = {};
  const mostStreams: Turns['mostStreams'] = {};
  try {
    const crowds: Crowd[] = [];
    for (const side of sides) {
      const crowd = await Crowd.enter(generator, side, plans);
      await crowd.rest();
      crowds.push(crowd);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const crowd of crowds) (costs[crowd.side.name] ??= []).push(await crowd.measure(roundMs));
    }
    for (const crowd of crowds) mostStreams[crowd.side.name] = [Math.max(...(await crowd.streams()))];
    return { costs, mostStreams };
  } finally {
    await generator.close();
    await Promise.all(sides.map((side) => side.close()));
  }
}

/** What is told of each load. @param where which load it was, at the end of each row's name */
export function costRows({ costs, mostStreams }: Turns, where: string): Row[] {
  const row = (what: string, unit: Row['unit'], of: (cost: Cost) => number | null): Row => ({
    what: `${what}, ${where}`,
    unit,
    values: Object.fromEntries(
      Object.entries(costs).map(([side, all]) => [side, all.map(of).filter((value) => value !== null)]),
    ),
  });
  return [
    row('processor time for a million packets', 's', ({ cpu, packets }) => (cpu / packets) * 1_000),
    row('all, of one processor', '%', ({ cpu, time }) => (cpu / time) * 100),
    { what: `most streams that one receives, ${where}`, unit: '', values: mostStreams },
    row('packets forwarded, a second', '', ({ packets, time }) => (packets / time) * 1_000),
    row('forwarded', 'Mbit/s', ({ bytes, time }) => (bytes * 8) / time / 1_000),
    row('lost', '%', ({ lost, packets }) => (lost / packets) * 100),
    row('delay of voices, p50', 'ms', ({ delays }) => delays.audio.p50),
    row('delay of voices, p99', 'ms', ({ delays }) => delays.audio.p99),
    row('delay of pictures, p50', 'ms', ({ delays }) => delays.video.p50),
    row('delay of pictures, p99', 'ms', ({ delays }) => delays.video.p99),
    row('the generator, of one processor', '%', (cost) => (cost.generatorCpu / cost.time) * 100),
  ];
}
