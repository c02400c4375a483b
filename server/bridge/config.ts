/** The settings of the bridge, read like the server's. What settings there are is in settings.ts. */
import type { z } from 'zod';
import { loadSettings } from '../config/load.ts';
import type { ConfigSources, Loaded } from '../config/load.ts';
import { groups, settings } from './settings.ts';

/** Durations and sizes have their unit in the name. */
export type BridgeConfig = Readonly<z.output<typeof settings>>;

const INTRODUCTION = `The bridge of Tertulia: telephones in its rooms.

  node server/bridge/main.ts [--config FILE] [--help]

Settings come from the environment, else from FILE (or BRIDGE_CONFIG_FILE), else they have their
default. FILE is YAML, with the names that follow in parentheses as keys. In the environment, values
of a list are separated by commas, and what has parts is JSON.`;

/** @throws ConfigError */
export function loadBridgeConfig(sources: ConfigSources): Loaded<BridgeConfig> {
  return loadSettings(
    {
      name: 'The bridge',
      introduction: INTRODUCTION,
      schema: settings,
      groups,
      fileVariable: 'BRIDGE_CONFIG_FILE',
      contradictions,
    },
    sources,
  );
}

/** What each setting allows by itself, but not together with another. */
function contradictions(
  { trunks, dialOut, serverUrl, bridgeSecret }: BridgeConfig,
  nameOf: (key: keyof BridgeConfig) => string,
): string[] {
  const problems: string[] = [];
  const names = trunks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`${nameOf('trunks')}: there are two with the name ${twice}`);
  if (dialOut.length > 0 && !trunks.some(({ callsOut }) => callsOut)) {
    problems.push(`${nameOf('dialOut')}: no trunk has callsOut`);
  }
  if (serverUrl !== null && bridgeSecret === null) {
    problems.push(`${nameOf('serverUrl')}: needs BRIDGE_SECRET too`);
  }
  return problems;
}
