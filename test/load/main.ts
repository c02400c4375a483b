// `npm run bench`: runs the comparisons that are named, or all of them, and prints their figures.

import { parseArgs } from 'node:util';
import { toMarkdown } from './figures.ts';
import type { Comparison } from './figures.ts';
import { compareForwarding } from './forwarding.ts';
import { compareJoins } from './join.ts';
import { compareMemory } from './memory.ts';
import { measureStart } from './start.ts';

const COMPARISONS: Readonly<Record<string, () => Promise<Comparison>>> = {
  start: measureStart,
  memory: compareMemory,
  forwarding: compareForwarding,
  join: compareJoins,
};

const { positionals } = parseArgs({ allowPositionals: true });
const names = positionals.length > 0 ? positionals : Object.keys(COMPARISONS);
const unknown = names.filter((name) => !Object.hasOwn(COMPARISONS, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there are ${Object.keys(COMPARISONS).join(', ')}.`);
  process.exit(1);
}
const figures: Comparison[] = [];
for (const name of names) {
  console.error(`Measuring ${name} …`);
  figures.push(await COMPARISONS[name]!());
}
console.log(toMarkdown(figures));
