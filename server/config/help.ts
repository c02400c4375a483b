/** What `--help` prints. */
import type { z } from 'zod';
import { about } from './setting.ts';
import { groups } from './settings.ts';

const WIDTH = 100;
const INDENT = 6;

export function helpText(): string {
  const chapters = Object.entries(groups).map(([title, group]) =>
    [`${title}:`, ...Object.entries<z.ZodType>(group).flatMap(([key, schema]) => entry(key, schema))].join(
      '\n',
    ),
  );
  return `${[INTRODUCTION, ...chapters].join('\n\n')}\n`;
}

const INTRODUCTION = `Tertulia, a conference server.

  npm start -- [--config FILE] [--help]
  npm start -- keys add NAME --scope SCOPE    makes a key of the API; also: keys list

Settings come from the environment, else from FILE (or CONFIG_FILE), else they have their default.
FILE is YAML, with the names that follow in parentheses as keys. In the environment, values of a
list are separated by commas.`;

function entry(key: string, schema: z.ZodType): string[] {
  const known = about.get(schema);
  if (!known) return [];
  return [`  ${known.env} (${key})`, ...wrapped(known.meaning), ...wrapped(`Default: ${known.byDefault}`)];
}

function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length + INDENT <= WIDTH || last === '') lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map((line) => ' '.repeat(INDENT) + line);
}
