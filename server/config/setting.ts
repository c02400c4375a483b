/** What one setting is beside its schema: its name in the environment, and what people are told of it. */
import { z } from 'zod';

export interface About {
  /** Name in the environment. In the file it is the key of the setting. */
  env: string;
  /** What it does, with its unit. */
  meaning: string;
  /** The default, in words. */
  byDefault: string;
  /** Makes of the environment's text what the file would have; text that cannot be read stays, for the schema to refuse. */
  read: (text: string) => unknown;
  /** True for what must never be shown. */
  secret: boolean;
}

export const about = z.registry<About>();

interface Words<S extends z.ZodType> {
  byDefault: z.input<S>;
  meaning: string;
  /** For the help, where the default does not speak for itself. */
  defaultText?: string;
  secret?: boolean;
}

/** A setting of text. */
export function text<S extends z.ZodType<unknown, string | null>>(env: string, schema: S, words: Words<S>) {
  return setting(env, schema, (value) => value, words);
}

/** A whole number between two others, both included. */
export function whole(env: string, [min, max]: readonly [number, number], words: Words<z.ZodInt>) {
  const read = (value: string): unknown => (/^\s*-?\d+\s*$/.test(value) ? Number(value) : value);
  return setting(env, z.int().min(min).max(max), read, words);
}

/** Yes or no: `true` or `false`. */
export function flag(env: string, words: Words<z.ZodBoolean>) {
  const known = new Map<string, unknown>([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ]);
  return setting(env, z.boolean(), (value) => known.get(value.toLowerCase()) ?? value, words);
}

/** Several values; in the environment separated by commas. */
export function list<T extends z.ZodType>(env: string, item: T, words: Words<z.ZodArray<T>>) {
  const read = (value: string): unknown =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return setting(env, z.array(item), read, words);
}

/** Something with parts; in the environment as JSON. */
export function parts<S extends z.ZodType>(env: string, schema: S, words: Words<S>) {
  return setting(env, schema, readJson, words);
}

function setting<S extends z.ZodType>(
  env: string,
  schema: S,
  read: (text: string) => unknown,
  { byDefault, meaning, defaultText, secret = false }: Words<S>,
): z.ZodPrefault<S> {
  const described = { env, meaning, byDefault: defaultText ?? shown(byDefault), read, secret };
  const withDefault = z.prefault(schema, byDefault);
  about.add(withDefault, described);
  return withDefault;
}

function shown(value: unknown): string {
  const isNothing = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (isNothing) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function readJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
