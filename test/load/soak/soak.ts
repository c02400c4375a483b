/**
 * An hour of what happens to a server in a day: people come and go, share, mute, lose their networks, call and are
 * called, rooms end. Whoever should hear, see or be told of it is looked at; memory and descriptors are to stay flat.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSPECTED, Inspector } from '../../helpers/inspector.ts';
import { random } from '../../helpers/random.ts';
import { closeLibrary } from '../../helpers/rtc-end.ts';
import { sleep, until } from '../../helpers/wait.ts';
import { percentile } from '../figures.ts';
import type { Comparison, Row } from '../figures.ts';
import { materialFor } from '../mix/phones.ts';
import { startServer } from '../sides.ts';
import type { ServerSide } from '../sides.ts';
import { Exchange } from './exchange.ts';
import { Notes } from './notes.ts';
import { RoomLife } from './room-life.ts';
import type { Town } from './room-life.ts';
import { Sampler, coursesOf, objectsOf } from './samples.ts';
import type { Sample } from './samples.ts';

const ROOMS = 6;
const SEED = 20_260;
/** The generator's first numbers are alike for seeds that are near each other. */
const SEEDS_APART = 0x9e37_79b9;
const SAMPLE_MS = 15_000;
/** In one of so many samples garbage is collected first: more often, it would be another server. */
const COLLECT_EACH = 20;
/** Before the first sample, in ms: what is made only once is made by then. */
const WARM_UP_MS = 60_000;
/** Places of those who vanished are free by then, and what was theirs is gone, in ms. */
const PLACES_MS = 36_000;
/** In Hz: not the telephones' own, and far from their prompts. */
const TONE = 1_850;
const SECRET = 'a secret between server and bridge';
/** Of pino: from here on something is wrong. */
const WARNING = 40;

export async function measureSoak(minutes: number): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-soak-'));
  const exchange = await Exchange.open();
  const side = await startServerWithBridge(exchange, folder);
  const inspector = await Inspector.connect(side.server.log);
  try {
    await until(
      'the bridge registers',
      () => side.server.metric('tertulia_trunks'),
      (trunks) => trunks.get('state="registered"') === 1,
    );
    const { talk } = await materialFor('opus', TONE);
    const town = { serverUrl: side.server.url, exchange, sound: talk, tone: TONE };
    await live({ ...town, notes: new Notes() }, WARM_UP_MS, SEED);
    await sleep(PLACES_MS);

    const notes = new Notes();
    const sampler = new Sampler(side, inspector);
    const before = await sampler.take(true);
    const samples: Sample[] = [];
    const life = live({ ...town, notes }, minutes * 60_000, SEED + ROOMS);
    const watch = setInterval(() => {
      sampler.take(samples.length % COLLECT_EACH === 0).then(
        (sample) => samples.push(sample),
        (error: unknown) => notes.failed('a look at the server', error),
      );
    }, SAMPLE_MS);
    await life;
    clearInterval(watch);
    await sleep(PLACES_MS);
    const after = await sampler.take(true);
    return {
      title: `${minutes} minutes of coming and going in ${ROOMS} rooms`,
      rows: [...rowsOf(notes), ...leftRows(before, after), ...logRows(side.server.log)],
      courses: coursesOf(samples),
    };
  } finally {
    inspector.close();
    await side.close();
    exchange.close();
    closeLibrary();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves when the time is over and everybody has left. */
async function live(town: Town, timeMs: number, seed: number): Promise<void> {
  const end = performance.now() + timeMs;
  const lives = Array.from({ length: ROOMS }, (_, i) => {
    return new RoomLife(town, seed + i, random((seed + i) * SEEDS_APART));
  });
  await Promise.all(lives.map((life) => life.run(() => performance.now() > end)));
}

async function startServerWithBridge(exchange: Exchange, folder: string): Promise<ServerSide> {
  const config = join(folder, 'bridge.yaml');
  const trunk = {
    ...{ name: 'pbx', uris: [exchange.wsUrl], user: 'bridge', domain: 'pbx.test', password: 'none' },
    ...{ offer: 'plain', languages: ['en'], callsOut: true },
  };
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ trunks: [trunk], dialOut: ['*'] }));
  return startServer({ WORKERS: '2', BRIDGE_SECRET: SECRET, BRIDGE_CONFIG_FILE: config, ...INSPECTED });
}

function row(what: string, value: number, unit: Row['unit'] = '', note?: string): Row {
  return { ...{ what, unit, values: { server: [value] } }, ...(note === undefined ? {} : { note }) };
}

function rowsOf({ counts, times, faults }: Notes): Row[] {
  return [
    row('went wrong', faults.length),
    ...[...counts].map(([what, count]) => row(what, count)),
    ...[...times].flatMap(([what, all]) => [
      row(`${what}, p50`, percentile(all, 50), 'ms', `of ${all.length}`),
      row(`${what}, p99`, percentile(all, 99), 'ms'),
    ]),
  ];
}

function leftRows(before: Sample, after: Sample): Row[] {
  const both = (what: string, of: (sample: Sample) => number, unit: Row['unit'] = ''): Row[] => [
    row(`${what}, before`, of(before), unit),
    row(`${what}, after all have left`, of(after), unit),
  ];
  const figure = (what: string) => (sample: Sample) => sample.figures.get(what) ?? NaN;
  return [
    ...both('objects', objectsOf),
    ...both('file descriptors', figure('file descriptors')),
    ...both('heap of the server, garbage collected', figure('its heap, garbage collected'), 'MiB'),
  ];
}

/** What the server and its bridge have complained of. */
function logRows(log: string): Row[] {
  const complaints = new Map<string, number>();
  for (const line of log.split('\n').filter((each) => each.startsWith('{'))) {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    if (level < WARNING) continue;
    const what = `${level > WARNING ? 'error' : 'warning'}: ${msg}`;
    complaints.set(what, (complaints.get(what) ?? 0) + 1);
  }
  return [...complaints].map(([what, count]) => row(`in the log, ${what}`, count));
}
