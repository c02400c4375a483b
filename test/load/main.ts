/**
 * `npm run bench`: runs the comparisons that are named, or all of them; with `--url`, puts the load of the profiles that
 * are named on a server that runs already. Prints the figures, and keeps them in a folder as Markdown, JSON and plots.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../helpers/paths.ts';
import { loadServer } from './against.ts';
import { circumstances } from './circumstances.ts';
import { compareClass } from './class.ts';
import type { Comparison } from './figures.ts';
import { compareFirstPictures } from './first-picture.ts';
import { compareForwarding } from './forwarding.ts';
import { compareJoins } from './join.ts';
import { compareLimits } from './limit.ts';
import { toMarkdown } from './markdown.ts';
import { compareMemory } from './memory.ts';
import { compareMixes } from './mix/compare.ts';
import { toSvg } from './plot.ts';
import { profiles } from './profiles.ts';
import { measureSignalling } from './signalling.ts';
import { measureSmallRooms } from './small-rooms.ts';
import { measureSoak } from './soak/soak.ts';
import { measureStart } from './start.ts';
import { measureStorm } from './storm.ts';

const COMPARISONS: Readonly<Record<string, () => Promise<Comparison>>> = {
  start: measureStart,
  memory: compareMemory,
  rooms: measureSmallRooms,
  forwarding: compareForwarding,
  class: compareClass,
  limit: compareLimits,
  storm: measureStorm,
  pictures: compareFirstPictures,
  join: compareJoins,
  signalling: measureSignalling,
  mix: compareMixes,
  soak: () => measureSoak(Number(minutes)),
};
/** Not what anybody waits for who asked for nothing by name. */
const LONG = ['soak'];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(ROOT, 'test/load/results') },
    url: { type: 'string' },
    people: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '60' },
  },
});
const { url, people, seconds, minutes } = values;
const known = url === undefined ? COMPARISONS : loadsOf(url);
const names =
  positionals.length > 0 ? positionals : Object.keys(known).filter((name) => !LONG.includes(name));
const unknown = names.filter((name) => !Object.hasOwn(known, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}.`);
  process.exit(1);
}
await mkdir(values.out, { recursive: true });
for (const name of names) {
  console.error(`Measuring ${name} …`);
  const command = url === undefined ? name : `-- ${name} --url URL --people ${people} --seconds ${seconds}`;
  const lines = [`\`npm run bench ${command}\``, ...circumstances()];
  const comparison = await known[name]!();
  const markdown = toMarkdown([comparison], lines);
  const file = (kind: string): string => join(values.out, `${name}.${kind}`);
  await writeFile(file('md'), markdown);
  await writeFile(file('json'), `${JSON.stringify({ circumstances: lines, ...comparison }, null, 2)}\n`);
  await writeFile(file('svg'), toSvg(comparison));
  console.log(markdown);
}
console.error(`All of it is in ${values.out}.`);

function loadsOf(url: string): Readonly<Record<string, () => Promise<Comparison>>> {
  const load = { url, people: Number(people), seconds: Number(seconds) };
  return Object.fromEntries(
    Object.entries(profiles).map(([name, profile]) => [name, () => loadServer({ ...load, profile })]),
  );
}
