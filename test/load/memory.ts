/**
 * What the process tree holds in memory, idle, and for each participant, subscription and room more. Every state is one
 * of fresh processes, as memory that was used once is not given back.
 */
import { sleep } from '../helpers/wait.ts';
import { Crowd, people } from './crowd.ts';
import type { Comparison, SideName } from './figures.ts';
import { Generator } from './generator/generator.ts';
import type { Plan } from './generator/plan.ts';
import { startBare, startServer, treeMiB } from './sides.ts';
import type { Side } from './sides.ts';

/** Long enough for buffers to have grown, and for what was only needed to start to be gone, in ms. */
const SETTLE_MS = 6_000;
const IDLE = 150;
/** Each shows all others. */
const SHOWN = 26;
const KIB = 1_024;

const START: Readonly<Record<Exclude<SideName, 'janus'>, () => Promise<Side>>> = {
  server: () => startServer({ MAX_PARTICIPANTS_PER_ROUTER: '1000' }),
  bare: startBare,
};

export async function compareMemory(): Promise<Comparison> {
  const measured = async (plans: Plan[]) => ({
    server: await memory('server', plans),
    bare: await memory('bare', plans),
  });
  const idle = await measured([]);
  const participants = await measured(people(IDLE));
  const unseen = await measured(people(SHOWN, () => ({ camera: true })));
  const seen = await measured(people(SHOWN, () => ({ camera: true, tiles: SHOWN - 1 })));
  const rooms = await memory(
    'server',
    people(IDLE, (i) => ({ room: `memory-${i}` })),
  );
  const more = (from: typeof idle, to: typeof idle, count: number) => ({
    server: [((to.server - from.server) / count) * KIB],
    bare: [((to.bare - from.bare) / count) * KIB],
  });
  return {
    title: 'Memory (RSS) of the process tree, with one worker',
    rows: [
      { what: 'idle', unit: 'MiB', values: { server: [idle.server], bare: [idle.bare] } },
      {
        what: 'a participant who only waits to receive',
        ...{ unit: 'KiB', values: more(idle, participants, IDLE) },
        note: `of ${IDLE}`,
      },
      {
        what: 'a camera of three layers that nobody shows, and its participant',
        ...{ unit: 'KiB', values: more(idle, unseen, SHOWN) },
        note: `of ${SHOWN}`,
      },
      {
        what: 'a camera that somebody shows',
        ...{ unit: 'KiB', values: more(unseen, seen, SHOWN * (SHOWN - 1)) },
        note: `of ${SHOWN * (SHOWN - 1)}`,
      },
      {
        what: 'a room, beside its participant',
        ...{ unit: 'KiB', values: { server: [((rooms - participants.server) / (IDLE - 1)) * KIB] } },
        note: `of ${IDLE - 1}`,
      },
    ],
  };
}

/** @returns MiB */
async function memory(name: keyof typeof START, plans: Plan[]): Promise<number> {
  const generator = await Generator.start();
  const side = await START[name]();
  try {
    await Crowd.enter(generator, side, plans);
    await sleep(SETTLE_MS);
    return treeMiB(side.pid);
  } finally {
    await generator.close();
    await side.close();
  }
}
