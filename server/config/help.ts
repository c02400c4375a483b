/** What `--help` prints. */
import type { z } from 'zod';
import { about } from './setting.ts';

const WIDTH = 100;
const INDENT = 6;

/** What a program's help consists of. */
export interface Help {
  introduction: string;
  /** The settings by chapter. */
  groups: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>>;
}

export function helpText({ introduction, groups }: Help): string {
  const chapters = Object.entries(groups).map(([title, group]) =>
    [`${title}:`, ...Object.entries(group).flatMap(([key, schema]) => entry(key, schema))].join('\n'),
  );
  return `${[introduction, ...chapters].join('\n\n')}\n`;
}

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
