/**
 * The settings of the server: read from the environment, else from a file, else the default, and checked all at once.
 * What settings there are is in config/settings.ts.
 */
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { contradictions } from './config/contradictions.ts';
import { helpText } from './config/help.ts';
import { about } from './config/setting.ts';
import { settings } from './config/settings.ts';
import { StartError } from './start-error.ts';

/** Durations and sizes have their unit in the name. */
export type Config = Readonly<z.output<typeof settings>>;

/** What is wrong with the settings, all of it, in words for the person who set them. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';

  constructor(problems: readonly string[]) {
    super(`Tertulia can not start with these settings:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

export interface ConfigSources {
  /** Arguments of the command, without node and the script. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** @throws Error when the file cannot be read */
  readFile: (path: string) => string;
}

export type Loaded = { kind: 'help'; text: string } | { kind: 'config'; config: Config };

/** By the setting's name in the file. */
const descriptions = new Map(
  Object.entries(settings.shape).flatMap(([key, schema]) => {
    const description = about.get(schema);
    return description ? [[key, description] as const] : [];
  }),
);

/** @throws ConfigError */
export function loadConfig({ argv, env, readFile }: ConfigSources): Loaded {
  const { help, file } = readArguments(argv);
  if (help) return { kind: 'help', text: helpText() };
  const path = file ?? nonEmpty(env['CONFIG_FILE']);
  const fromFile = path === undefined ? {} : readSettings(path, readFile);
  const fromEnv = readEnvironment(env);
  const result = settings.safeParse({ ...fromFile, ...fromEnv });
  const problems = result.success ? contradictions(result.data, nameOf) : result.error.issues.map(describe);
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
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

function readArguments(argv: readonly string[]): { help: boolean; file: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { help: { type: 'boolean', short: 'h' }, config: { type: 'string' } },
    });
    return { help: values.help ?? false, file: values.config };
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

function readSettings(path: string, readFile: (path: string) => string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFile(path));
  } catch (error) {
    // The lines that follow in a message of the parser quote the file, which may have secrets in it.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ConfigError([`${path}: ${reason.replace(/:$/, '')}`]);
  }
  const result = z.record(z.string(), z.unknown()).nullable().safeParse(content);
  if (!result.success) throw new ConfigError([`${path}: must have lines of the form "setting: value"`]);
  return result.data ?? {};
}

/** Of the environment's variables those that are settings; an empty one counts as not set. */
function readEnvironment(env: ConfigSources['env']): Record<string, unknown> {
  const set = [...descriptions].flatMap(([key, { env: name, read }]) => {
    const value = nonEmpty(env[name]);
    return value === undefined ? [] : [[key, read(value)] as const];
  });
  return Object.fromEntries(set);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
