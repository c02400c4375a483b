/**
 * The settings of the server: read from the environment, else from a file, else the default, and checked all at once.
 * What settings there are is in config/settings.ts.
 */
import type { z } from 'zod';
import { loadSettings } from './config/load.ts';
import type { ConfigSources, Loaded } from './config/load.ts';
import { groups, settings } from './config/settings.ts';

export { ConfigError } from './config/load.ts';

/** Durations and sizes have their unit in the name. */
export type Config = Readonly<z.output<typeof settings>>;

const INTRODUCTION = `Tertulia, a conference server.

  npm start -- [--config FILE] [--help]

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

/** What each setting allows by itself, but not together with another. */
function contradictions(config: Config, nameOf: (key: keyof Config) => string): string[] {
  const { tlsCert, tlsKey, tlsSelfSigned, rtcListen, announcedAddress, rtcPortBase, workers } = config;
  const problems: string[] = [];
  if (tlsCert !== null && tlsKey === null) problems.push(`${nameOf('tlsCert')}: needs TLS_KEY too`);
  if (tlsKey !== null && tlsCert === null) problems.push(`${nameOf('tlsKey')}: needs TLS_CERT too`);
  if (tlsCert !== null && tlsSelfSigned) {
    problems.push(`${nameOf('tlsSelfSigned')}: there is a certificate in TLS_CERT already`);
  }
  if (rtcListen.length > 0 && announcedAddress !== null) {
    problems.push(`${nameOf('announcedAddress')}: RTC_LISTEN is set, and says itself what is announced`);
  }
  const lastPort = rtcPortBase + Math.max(workers, 1) - 1;
  if (rtcPortBase !== 0 && lastPort > 65_535) {
    problems.push(
      `${nameOf('rtcPortBase')}: the last worker would have port ${lastPort}; 65535 is the highest`,
    );
  }
  return problems;
}
