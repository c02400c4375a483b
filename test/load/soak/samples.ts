/** What the server and all its processes hold at a moment. */
import { readdirSync } from 'node:fs';
import { childrenOf, cpuMs, rssBytes } from '../../helpers/process-tree.ts';
import type { Inspector } from '../../helpers/inspector.ts';
import type { Course } from '../figures.ts';
import type { ServerSide } from '../sides.ts';

const MIB = 2 ** 20;

/** Objects of the server, by the metric that counts them. */
const OBJECTS = {
  rooms: 'tertulia_rooms',
  participants: 'tertulia_participants',
  routers: 'tertulia_routers',
  transports: 'tertulia_transports',
  'publications (producers)': 'tertulia_publications',
  'subscriptions (consumers)': 'tertulia_subscriptions',
} as const;

/** What each kind of process is known by. */
const KINDS = { bridge: /server\/bridge\//, worker: /mediasoup-worker/ } as const;

export interface Sample {
  /** Since the beginning. */
  minute: number;
  /** By what they are of; a figure that was not taken this time is absent. */
  figures: ReadonlyMap<string, number>;
}

const UNITS: Readonly<Record<string, Course['unit']>> = {
  'memory (RSS) of the server': 'MiB',
  'its heap, garbage collected': 'MiB',
  'memory (RSS) of the media workers': 'MiB',
  'memory (RSS) of the bridge': 'MiB',
  'processor time of all of it, of one core': '%',
  'event-loop delay of the server, p99': 'ms',
};

export class Sampler {
  readonly #side: ServerSide;
  readonly #inspector: Inspector;
  readonly #startedAt = performance.now();
  #cpu: { ms: number; at: number };

  constructor(side: ServerSide, inspector: Inspector) {
    this.#side = side;
    this.#inspector = inspector;
    this.#cpu = { ms: this.#cpuMs(), at: performance.now() };
  }

  /** @param collect whether the server's garbage is collected first, to see what its heap really holds */
  async take(collect: boolean): Promise<Sample> {
    const { pid, server } = this.#side;
    const minute = (performance.now() - this.#startedAt) / 60_000;
    const processes = childrenOf(pid);
    const pidsOf = (kind: keyof typeof KINDS): number[] =>
      processes.filter(({ command }) => KINDS[kind].test(command)).map((each) => each.pid);
    const mib = (pids: readonly number[]): number =>
      pids.reduce((sum, each) => sum + rssBytes(each), 0) / MIB;
    const figures = new Map([
      ['memory (RSS) of the server', mib([pid])],
      ['memory (RSS) of the media workers', mib(pidsOf('worker'))],
      ['memory (RSS) of the bridge', mib(pidsOf('bridge'))],
      ['file descriptors', [pid, ...processes.map((each) => each.pid)].reduce(countDescriptors, 0)],
      ['processor time of all of it, of one core', this.#load()],
    ]);
    const lag = await server.metric('nodejs_eventloop_lag_p99_seconds');
    figures.set('event-loop delay of the server, p99', (lag.get('') ?? NaN) * 1_000);
    for (const [what, name] of Object.entries(OBJECTS)) {
      figures.set(what, (await server.metric(name)).get('') ?? NaN);
    }
    const calls = await server.metric('tertulia_trunk_calls');
    figures.set(
      'calls',
      [...calls.values()].reduce((sum, each) => sum + each, 0),
    );
    if (collect) figures.set('its heap, garbage collected', (await this.#inspector.heapInUse()) / MIB);
    return { minute, figures };
  }

  /** Since the last time, in per cent of one processor. */
  #load(): number {
    const before = this.#cpu;
    this.#cpu = { ms: this.#cpuMs(), at: performance.now() };
    return (100 * (this.#cpu.ms - before.ms)) / Math.max(1, this.#cpu.at - before.at);
  }

  #cpuMs(): number {
    const { pid } = this.#side;
    return [pid, ...childrenOf(pid).map((child) => child.pid)].reduce((sum, each) => sum + cpuMs(each), 0);
  }
}

/** How many of the objects there are, all together. */
export function objectsOf({ figures }: Sample): number {
  return Object.keys(OBJECTS).reduce((sum, what) => sum + (figures.get(what) ?? NaN), 0);
}

/** Each figure as it went over time. */
export function coursesOf(samples: readonly Sample[]): Course[] {
  const names = new Set([...Object.keys(UNITS), ...samples.flatMap(({ figures }) => [...figures.keys()])]);
  return [...names].map((what) => ({
    ...{ what, unit: UNITS[what] ?? '' },
    points: samples.flatMap(({ minute, figures }) => {
      const value = figures.get(what);
      return value === undefined ? [] : [{ minute, value }];
    }),
  }));
}

function countDescriptors(sum: number, pid: number): number {
  return sum + readdirSync(`/proc/${pid}/fd`).length;
}
