/** A thousand small rooms, opened and closed again: what is left of them. */
import { readdirSync } from 'node:fs';
import { sleep } from '../helpers/wait.ts';
import { childrenOf } from '../helpers/process-tree.ts';
import { Crowd, people } from './crowd.ts';
import type { Comparison, Row } from './figures.ts';
import { Generator } from './generator/generator.ts';
import { startServer, treeMiB } from './sides.ts';
import type { ServerSide } from './sides.ts';

const ROOMS = 1_000;
const EACH = 2;
/** So many rooms are open at a time. */
const AT_A_TIME = 100;
/** One in so many has a camera: all of them would be more than the generator can send. */
const CAMERA_EACH = 20;
const SETTLE_MS = 5_000;
/** What of the server's metrics must be none when nobody is there. */
const OBJECTS = ['rooms', 'routers', 'participants', 'transports', 'publications', 'subscriptions', 'pipes'];

interface State {
  memory: number;
  descriptors: number;
  objects: number;
}

export async function measureSmallRooms(): Promise<Comparison> {
  const generator = await Generator.start();
  const side = await startServer();
  try {
    // What is only made with the first room is no loss.
    await openAndClose(generator, side, 0);
    const before = await state(side);
    const states: State[] = [];
    for (let at = 0; at < ROOMS; at += AT_A_TIME) {
      await openAndClose(generator, side, at);
      states.push(await state(side));
    }
    await sleep(SETTLE_MS);
    const after = await state(side);
    const row = (what: string, unit: Row['unit'], of: (state: State) => number): Row[] => [
      { what: `${what}, after ${AT_A_TIME} rooms`, unit, values: { server: [of(before)] } },
      { what: `${what}, meanwhile`, unit, values: { server: states.map(of) } },
      { what: `${what}, after ${ROOMS + AT_A_TIME} rooms`, unit, values: { server: [of(after)] } },
    ];
    return {
      title: `${ROOMS} rooms of ${EACH}, ${AT_A_TIME} at a time, opened and closed`,
      rows: [
        ...row('memory (RSS) of the process tree', 'MiB', ({ memory }) => memory),
        ...row('file descriptors', '', ({ descriptors }) => descriptors),
        ...row('rooms, routers, transports and what is in them', '', ({ objects }) => objects),
      ],
    };
  } finally {
    await generator.close();
    await side.close();
  }
}

async function openAndClose(generator: Generator, side: ServerSide, from: number): Promise<void> {
  const plans = people(AT_A_TIME * EACH, (i) => ({
    ...{
      room: `small-${from + Math.floor(i / EACH)}`,
      microphone: 'silent',
      camera: i % CAMERA_EACH === 0,
      tiles: 1,
    },
  }));
  const crowd = await Crowd.enter(generator, side, plans, 10);
  await crowd.leave();
  await sleep(500);
}

async function state({ pid, server }: ServerSide): Promise<State> {
  let objects = 0;
  for (const name of OBJECTS) objects += (await server.metric(`tertulia_${name}`)).get('') ?? NaN;
  const pids = [pid, ...childrenOf(pid).map((child) => child.pid)];
  const descriptors = pids.reduce((sum, each) => sum + readdirSync(`/proc/${each}/fd`).length, 0);
  return { memory: treeMiB(pid), descriptors, objects };
}
