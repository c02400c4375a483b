/** Puts a profile's load on a server that runs somewhere, and tells what its participants got of it. */
import { sleep } from '../helpers/wait.ts';
import { cpuMs } from '../helpers/process-tree.ts';
import { percentile } from './figures.ts';
import type { Comparison, Row } from './figures.ts';
import { Generator } from './generator/generator.ts';
import type { Plan } from './generator/plan.ts';
import type { Entry } from './generator/protocol.ts';
import type { Profile } from './profiles.ts';

export interface Load {
  /** The server's start page. */
  url: string;
  profile: Profile;
  people: number;
  /** How long it lasts after the last has come. */
  seconds: number;
}

/** Key frames have been asked for and sent by then, in ms. */
const SETTLE_MS = 2_000;

export async function loadServer({ url, profile, people, seconds }: Load): Promise<Comparison> {
  const generator = await Generator.start();
  const target = { system: 'tertulia', url } as const;
  try {
    const plans = profile.plans(people);
    const { coming, churns, meaning } = profile;
    const spacingMs = 'spacingMs' in coming ? coming.spacingMs : coming.withinMs / people;
    const { entered, failed } = await generator.ask('join', { target, plans, spacingMs });
    await sleep(SETTLE_MS);
    const before = {
      ...(await generator.ask('report', null)),
      at: performance.now(),
      cpu: cpuMs(generator.pid),
    };
    const came = churns ? await churn(generator, target.url, plans, entered, seconds) : [];
    if (!churns) await sleep(seconds * 1_000);
    const after = {
      ...(await generator.ask('report', null)),
      at: performance.now(),
      cpu: cpuMs(generator.pid),
    };
    const members = [...entered, ...came];
    const frames = await generator.ask('firstFrames', { members: members.map(({ member }) => member) });
    const time = after.at - before.at;
    const received = (of: 'packets' | 'bytes' | 'lost' | 'gaps'): number =>
      after.received[of] - before.received[of];
    const row = (what: string, unit: Row['unit'], value: number | null): Row[] =>
      value === null ? [] : [{ what, unit, values: { server: [value] } }];
    const times = (what: string, all: readonly number[]): Row[] =>
      all.length === 0
        ? []
        : [50, 95].flatMap((share) => row(`${what}, p${share}`, 'ms', percentile(all, share)));
    return {
      title: `${people} people for ${seconds} s: ${meaning}`,
      rows: [
        ...row('came in', '', members.length),
        ...row('could not come in', '', failed.length),
        ...times(
          'join to answer',
          members.map(({ answeredMs }) => answeredMs),
        ),
        ...times(
          'join to first picture',
          frames.filter((ms) => ms !== null),
        ),
        ...row('packets received, a second', '', (received('packets') / time) * 1_000),
        ...row('received', 'Mbit/s', (received('bytes') * 8) / time / 1_000),
        ...row('lost', '%', (received('lost') / Math.max(1, received('packets') + received('lost'))) * 100),
        ...row('pictures that stood still, times', '', received('gaps')),
        ...row('delay of voices, p50', 'ms', after.delays.audio.p50),
        ...row('delay of voices, p99', 'ms', after.delays.audio.p99),
        ...row('delay of pictures, p50', 'ms', after.delays.video.p50),
        ...row('delay of pictures, p99', 'ms', after.delays.video.p99),
        ...row('lateness of the generator itself, p99', 'ms', after.latenessP99Ms),
        ...row('the generator, of one processor', '%', ((after.cpu - before.cpu) / time) * 100),
      ],
    };
  } finally {
    await generator.close();
  }
}

/** @returns those who came meanwhile */
async function churn(
  generator: Generator,
  url: string,
  plans: readonly Plan[],
  entered: readonly Entry[],
  seconds: number,
): Promise<Entry[]> {
  const there = [...entered];
  const came: Entry[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const started = performance.now();
    const goes = there.shift();
    if (goes) await generator.ask('leave', { members: [goes.member] });
    const plan = plans[second % plans.length];
    const comes = plan ? await generator.join({ system: 'tertulia', url }, [plan]) : [];
    there.push(...comes);
    came.push(...comes);
    await sleep(Math.max(0, 1_000 - (performance.now() - started)));
  }
  return came;
}
