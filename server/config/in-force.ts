/** The settings as they are in force, for whoever runs the server to look at; no secret is among them. */
import type { z } from 'zod';
import type { Config } from '../config.ts';
import { about } from './setting.ts';
import { groups } from './settings.ts';

export interface SettingInForce {
  group: string;
  /** Name in the file. */
  key: string;
  /** Name in the environment. */
  env: string;
  meaning: string;
  byDefault: string;
  /** JSON; null for what is not set, and for secrets. */
  value: string | null;
  secret: boolean;
  isSet: boolean;
}

export function settingsInForce(config: Config): SettingInForce[] {
  const values = new Map<string, unknown>(Object.entries(config));
  return Object.entries(groups).flatMap(([group, settings]) =>
    Object.entries<z.ZodType>(settings).flatMap(([key, schema]) => {
      const known = about.get(schema);
      if (!known) return [];
      const { env, meaning, byDefault, secret } = known;
      const value = values.get(key) ?? null;
      const isSet = value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
      const shown = isSet && !secret ? JSON.stringify(value) : null;
      return [{ group, key, env, meaning, byDefault, value: shown, secret, isSet }];
    }),
  );
}
