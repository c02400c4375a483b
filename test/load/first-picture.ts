/** How long it takes somebody who joins a running room to see the first picture, by how many there are. */
import { sleep, until } from '../helpers/wait.ts';
import { Crowd, people } from './crowd.ts';
import { percentile } from './figures.ts';
import type { Comparison, Row, SideName } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startBare, startServer } from './sides.ts';

const ROOMS = [10, 50, 200] as const;
/** With a camera, whatever the size of the room: what differs is how many have to be told. */
const CAMERAS = 9;
const SPEAKING = 1;
const JOINS = 15;
/** Time of a newcomer in the room, in ms. */
const STAY_MS = 600;

export async function compareFirstPictures(): Promise<Comparison> {
  const rows: Row[] = [];
  for (const size of ROOMS) rows.push(...(await compareRoom(size)));
  return { title: `From the wish to join to the first picture, ${CAMERAS} with a camera`, rows };
}

async function compareRoom(size: number): Promise<Row[]> {
  const generator = await Generator.start();
  const sides = [await startServer({ MAX_PARTICIPANTS_PER_ROUTER: '1000' }), await startBare()];
  const times: Partial<Record<SideName, number[]>> = {};
  try {
    for (const side of sides) {
      const plans = people(size, (i) => ({
        ...{ camera: i < CAMERAS, microphone: i < SPEAKING ? 'speaking' : 'none' },
        // Those who are there receive little: what they take of the machine is not what is asked for.
        tiles: 0,
      }));
      const crowd = await Crowd.enter(generator, side, plans, 30);
      const newcomer = people(1, () => ({ name: 'Newcomer', microphone: 'muted', tiles: CAMERAS }));
      for (let i = 0; i < JOINS; i += 1) {
        const one = await Crowd.enter(generator, side, newcomer);
        const { answer } = await until(
          'a newcomer sees a picture',
          () => one.firstFrames(),
          ([ms]) => typeof ms === 'number',
        );
        (times[side.name] ??= []).push(...answer.filter((ms) => ms !== null));
        await sleep(STAY_MS);
        await one.leave();
      }
      await crowd.leave();
    }
  } finally {
    await generator.close();
    await Promise.all(sides.map((side) => side.close()));
  }
  const row = (share: number): Row => ({
    what: `join to first picture, p${share}, room of ${size}`,
    unit: 'ms',
    values: Object.fromEntries(
      Object.entries(times).map(([side, all]) => [side, share === 50 ? all : [percentile(all, share)]]),
    ),
  });
  return [row(50), row(95)];
}
