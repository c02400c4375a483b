/** `npm start -- keys …`: keys of the API for whoever has the machine, as the first key can come from no other. */
import { parseArgs } from 'node:util';
import { StartError } from '../start-error.ts';
import { scopes } from './api-keys.ts';
import type { ApiKeys, Scope } from './api-keys.ts';

export interface KeysCommand {
  /** The file of settings that was named, if any: it says where the keys are kept. */
  configFile: string | null;
  /** @returns what to print */
  run(keys: ApiKeys): string;
}

const USAGE = `Usage:
  npm start -- keys add NAME --scope SCOPE [--scope SCOPE …] [--config FILE]
  npm start -- keys list
  npm start -- keys remove ID

Scopes: ${scopes.join(', ')}`;

/** @param argv what follows `keys`. @throws StartError with the usage */
export function keysCommand(argv: readonly string[]): KeysCommand {
  const { positionals, values } = parsed(argv);
  const [verb, subject, ...rest] = positionals;
  const configFile = values.config ?? null;
  const given = values.scope ?? [];
  if (verb === 'add' && subject !== undefined && rest.length === 0 && given.length > 0) {
    const unknown = given.find((scope) => !isScope(scope));
    if (unknown !== undefined) throw new StartError(`There is no scope ${unknown}.\n\n${USAGE}`);
    return { configFile, run: (keys) => added(keys, subject, given.filter(isScope)) };
  }
  if (verb === 'list' && subject === undefined) return { configFile, run: listed };
  if (verb === 'remove' && subject !== undefined && rest.length === 0) {
    return { configFile, run: (keys) => removed(keys, subject) };
  }
  throw new StartError(USAGE);
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { scope: { type: 'string', multiple: true }, config: { type: 'string' } },
    });
  } catch (cause) {
    throw new StartError(USAGE, { cause });
  }
}

function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text);
}

function added(keys: ApiKeys, name: string, granted: readonly Scope[]): string {
  const { text } = keys.add(name, granted);
  return `${text}\n\nIt is shown this once. Send it as: Authorization: Bearer KEY`;
}

function listed(keys: ApiKeys): string {
  const all = keys.all();
  if (all.length === 0) return 'There are no keys.';
  return all
    .map(({ id, name, scopes: granted, lastUsedAt }) => {
      const used = lastUsedAt === null ? 'never used' : `last used ${new Date(lastUsedAt).toISOString()}`;
      return `${id}  ${name}  ${granted.join(', ')}  (${used})`;
    })
    .join('\n');
}

function removed(keys: ApiKeys, id: string): string {
  if (!keys.remove(id)) throw new StartError(`There is no key ${id}.`);
  return `The key ${id} is no longer one.`;
}
