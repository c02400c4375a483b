/**
 * The largest room in which each watches 25 pictures, and the delay at half of it and near it. What hundreds receive is more
 * than a generator on the same machine can take, so all but a few watchers come in, and are stopped then: their packets
 * are still sent to them, in full, and dropped by the kernel. The few tell what of theirs was lost, and how late it was.
 */
import { sleep } from '../helpers/wait.ts';
import { Crowd, people } from './crowd.ts';
import type { Cost } from './crowd.ts';
import type { Comparison, Row } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startJanus, startServer } from './sides.ts';
import type { Side } from './sides.ts';

const PICTURES = 25;
const SPEAKING = 3;
/** Watchers who receive. */
const AWAKE = 2;
/** All who watch, by step. */
const STEPS = [50, 100, 150, 200, 250, 300, 350, 400, 500] as const;
/** Of a room that is too large: more than so many % are lost to those who watch. */
const MOST_LOST = 1;
/** Shorter than systems wait for who gives no sign of life, in ms. */
const MEASURED_MS = 6_000;
/** What is still under way when a step ends comes to an end in so many ms. */
const REST_MS = 500;

interface Step {
  watching: number;
  cost: Cost;
}

export async function compareLimits(): Promise<Comparison> {
  const sides = [() => startServer({ WORKERS: '0' }), async () => (await startJanus())[0]];
  const found: { side: Side; steps: Step[] }[] = [];
  for (const start of sides) {
    const side = await start();
    if (side) found.push({ side, steps: await climb(side) });
  }
  return {
    title: `The largest room in which each watches ${PICTURES} pictures of the lowest layer, and hears ${SPEAKING}`,
    rows: rowsOf(found),
  };
}

/** Lets more and more watch, until too much is lost. The last step is the one that was too much, if any was. */
async function climb(side: Side): Promise<Step[]> {
  const [awake, stopped] = [await Generator.start(), await Generator.start()];
  try {
    const senders = people(PICTURES, (i) => ({
      ...{ name: `Sender ${i}`, camera: true, microphone: i < SPEAKING ? 'speaking' : 'muted' },
    }));
    const watchers = (count: number) => people(count, () => ({ tiles: PICTURES, layer: 0 }));
    const crowd = await Crowd.enter(awake, side, [...senders, ...watchers(AWAKE)]);
    await crowd.rest();
    const steps: Step[] = [];
    let watching: number = AWAKE;
    for (const step of STEPS) {
      await stopped.join(side.target, watchers(step - watching));
      watching = step;
      stopped.freeze();
      const cost = await crowd.measure(MEASURED_MS).finally(() => stopped.thaw());
      steps.push({ watching, cost });
      if (lostOf(cost) > MOST_LOST) break;
      await sleep(REST_MS);
    }
    return steps;
  } finally {
    await Promise.all([awake.close(), stopped.close()]);
    await side.close();
  }
}

const lostOf = ({ lost, packets }: Cost): number => (100 * lost) / packets;

function rowsOf(found: readonly { side: Side; steps: readonly Step[] }[]): Row[] {
  const row = (what: string, unit: Row['unit'], of: (steps: readonly Step[]) => number | null): Row => ({
    ...{ what, unit },
    values: Object.fromEntries(
      found.flatMap(({ side, steps }) => {
        const value = of(steps);
        return value === null ? [] : [[side.name, [value]]];
      }),
    ),
  });
  const good = (steps: readonly Step[]): Step[] => steps.filter(({ cost }) => lostOf(cost) <= MOST_LOST);
  const largest = (steps: readonly Step[]): number => good(steps).at(-1)?.watching ?? 0;
  const half = (steps: readonly Step[]) => good(steps).findLast((s) => s.watching <= largest(steps) / 2);
  const loads = [
    ['at about half', half],
    ['near the limit', (steps: readonly Step[]) => good(steps).at(-1)],
  ] as const;
  return [
    row(`who watch where at most ${MOST_LOST} % is lost`, '', largest),
    ...loads.flatMap(([where, at]) => [
      row(`who watch, ${where}`, '', (steps) => at(steps)?.watching ?? null),
      row(`delay of voices, p50, ${where}`, 'ms', (steps) => at(steps)?.cost.delays.audio.p50 ?? null),
      row(`delay of voices, p99, ${where}`, 'ms', (steps) => at(steps)?.cost.delays.audio.p99 ?? null),
      row(`delay of pictures, p50, ${where}`, 'ms', (steps) => at(steps)?.cost.delays.video.p50 ?? null),
      row(`delay of pictures, p99, ${where}`, 'ms', (steps) => at(steps)?.cost.delays.video.p99 ?? null),
    ]),
    ...STEPS.flatMap((step) => {
      const at = (steps: readonly Step[]) => steps.find(({ watching }) => watching === step)?.cost;
      return [
        row(`lost, ${step} watch`, '%', (steps) => {
          const cost = at(steps);
          return cost ? lostOf(cost) : null;
        }),
        row(`all, of one processor, ${step} watch`, '%', (steps) => {
          const cost = at(steps);
          return cost ? (100 * cost.cpu) / cost.time : null;
        }),
      ];
    }).filter(({ values }) => Object.keys(values).length > 0),
  ];
}
