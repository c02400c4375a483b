/**
 * The settings of the server: read from the environment, else from a file, else the default, and checked all at once.
 * What settings there are is in config/settings.ts.
 */
import type { z } from 'zod';
import { contradictions } from './config/contradictions.ts';
import { loadSettings } from './config/load.ts';
import type { ConfigSources, Loaded } from './config/load.ts';
import { groups, settings } from './config/settings.ts';

export { ConfigError } from './config/load.ts';

/** Durations and sizes have their unit in the name. */
export type Config = Readonly<z.output<typeof settings>>;

const INTRODUCTION = `Tertulia, a conference server.

  npm start -- [--config FILE] [--help]
  npm start -- keys add NAME --scope SCOPE    makes a key of the API; also: keys list

Settings come from the environment, else from FILE (or CONFIG_FILE), else they have their default.
FILE is YAML, with the names that follow in parentheses as keys. In the environment, values of a
list are separated by commas.`;

/** @throws ConfigError */
export function loadConfig(sources: ConfigSources): Loaded<Config> {
  return loadSettings(
    {
      name: 'Tertulia',
      introduction: INTRODUCTION,
      schema: settings,
      groups,
      fileVariable: 'CONFIG_FILE',
      contradictions,
    },
    sources,
  );
}
