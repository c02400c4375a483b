/**
 * Reads settings from the environment, else from a file, else takes the default, and checks them all at once. What
 * settings a program has is its own: see config/settings.ts for the server's, bridge/settings.ts for the bridge's.
 */
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { StartError } from '../start-error.ts';
import { helpText } from './help.ts';
import { about } from './setting.ts';

/** What is wrong with the settings, all of it, in words for the person who set them. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';

  constructor(program: string, problems: readonly string[]) {
    super(`${program} can not start with these settings:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

export interface ConfigSources {
  /** Arguments of the command, without node and the script. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** @throws Error when the file cannot be read */
  readFile: (path: string) => string;
}

export type Loaded<C> = { kind: 'help'; text: string } | { kind: 'config'; config: C };

/** The settings of a program. */
export interface Program<S extends z.ZodObject> {
  /** As messages call it. */
  name: string;
  /** What the help begins with. */
  introduction: string;
  /** All settings; each described by `about`. */
  schema: S;
  /** The settings in the order of the help, by chapter. */
  groups: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>>;
  /** The variable that names the file, unless an argument does. */
  fileVariable: string;
  /** What each setting allows by itself, but not together with another. */
  contradictions: (config: z.output<S>, nameOf: (key: keyof z.output<S> & string) => string) => string[];
}

/** @throws ConfigError */
export function loadSettings<S extends z.ZodObject>(
  program: Program<S>,
  { argv, env, readFile }: ConfigSources,
): Loaded<z.output<S>> {
  const { help, file } = readArguments(program.name, argv);
  if (help) return { kind: 'help', text: helpText(program) };
  /** By the setting's name in the file. */
  const descriptions = new Map(
    Object.entries(program.schema.shape).flatMap(([key, schema]) => {
      const description = schema instanceof z.ZodType ? about.get(schema) : undefined;
      return description ? [[key, description] as const] : [];
    }),
  );
  const path = file ?? nonEmpty(env[program.fileVariable]);
  const fromFile = path === undefined ? {} : readSettings(program.name, path, readFile);
  /** Of the environment's variables those that are settings; an empty one counts as not set. */
  const fromEnv: Record<string, unknown> = Object.fromEntries(
    [...descriptions].flatMap(([key, { env: name, read }]) => {
      const value = nonEmpty(env[name]);
      return value === undefined ? [] : [[key, read(value)] as const];
    }),
  );
  const result = program.schema.safeParse({ ...fromFile, ...fromEnv });
  const problems = result.success
    ? program.contradictions(result.data, nameOf)
    : result.error.issues.map(describe);
  if (!result.success || problems.length > 0) throw new ConfigError(program.name, problems);
  return { kind: 'config', config: result.data };

  function describe(issue: z.core.$ZodIssue): string {
    const [key = '', ...deeper] = issue.path.map(String);
    if (issue.code === 'unrecognized_keys' && key === '')
      return `${String(path)}: there is no setting ${issue.keys.join(', ')}`;
    const where = [nameOf(key), ...deeper].join('.');
    const value = key in fromEnv ? fromEnv[key] : fromFile[key];
    const given = descriptions.get(key)?.secret ? '' : ` (it is ${JSON.stringify(value)})`;
    return `${where}: ${issue.message}${given}`;
  }

  /** A setting as it was called where it comes from. */
  function nameOf(key: string): string {
    const isFromFile = key in fromFile && !(key in fromEnv);
    return isFromFile ? `${String(path)}: ${key}` : (descriptions.get(key)?.env ?? key);
  }
}

function readArguments(
  program: string,
  argv: readonly string[],
): { help: boolean; file: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { help: { type: 'boolean', short: 'h' }, config: { type: 'string' } },
    });
    return { help: values.help ?? false, file: values.config };
  } catch (error) {
    throw new ConfigError(program, [error instanceof Error ? error.message : String(error)]);
  }
}

function readSettings(
  program: string,
  path: string,
  readFile: (path: string) => string,
): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFile(path));
  } catch (error) {
    // The lines that follow in a message of the parser quote the file, which may have secrets in it.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ConfigError(program, [`${path}: ${reason.replace(/:$/, '')}`]);
  }
  const result = z.record(z.string(), z.unknown()).nullable().safeParse(content);
  if (!result.success)
    throw new ConfigError(program, [`${path}: must have lines of the form "setting: value"`]);
  return result.data ?? {};
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
