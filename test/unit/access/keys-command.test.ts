import { describe, expect, it } from 'vitest';
import { createApiKeys } from '../../../server/access/api-keys.ts';
import type { ApiKey, ApiKeyStore } from '../../../server/access/api-keys.ts';
import { keysCommand } from '../../../server/access/keys-command.ts';

const clock = { now: () => 1_700_000_000_000, elapsed: () => 0, after: () => () => undefined };

function keysInMemory() {
  const kept = new Map<string, { key: ApiKey; hash: string }>();
  const store: ApiKeyStore = {
    add: (key, hash) => void kept.set(key.id, { key, hash }),
    find: (id) => kept.get(id) ?? null,
    all: () => [...kept.values()].map(({ key }) => key),
    used: (id, at) => {
      const found = kept.get(id);
      if (found) kept.set(id, { ...found, key: { ...found.key, lastUsedAt: at } });
    },
    remove: (id) => kept.delete(id),
  };
  return { kept, keys: createApiKeys(store, clock) };
}

describe('The command for keys', () => {
  it('makes a key with scopes, which works', () => {
    const { keys, kept } = keysInMemory();
    const { configFile, run } = keysCommand([
      ...['add', 'my program', '--scope', 'rooms:read', '--scope', 'moderate', '--config', 'a.yaml'],
    ]);
    expect(configFile).toBe('a.yaml');
    const [text = ''] = run(keys).split('\n');
    expect(keys.check(text)).toMatchObject({ name: 'my program', scopes: ['rooms:read', 'moderate'] });
    expect(JSON.stringify([...kept.values()])).not.toContain(text.split('_')[2]);
  });

  it('lists keys, and takes one away', () => {
    const { keys } = keysInMemory();
    expect(keysCommand(['list']).run(keys)).toBe('There are no keys.');
    const { key, text } = keys.add('a', ['admin']);
    expect(keysCommand(['list']).run(keys)).toBe(`${key.id}  a  admin  (never used)`);
    keys.check(text);
    expect(keysCommand(['list']).run(keys)).toBe(`${key.id}  a  admin  (last used 2023-11-14T22:13:20.000Z)`);
    keysCommand(['remove', key.id]).run(keys);
    expect(keys.check(text)).toBeNull();
    expect(() => keysCommand(['remove', key.id]).run(keys)).toThrow('There is no key');
  });

  it.each([
    ...[
      [[]],
      [['add']],
      [['add', 'x']],
      [['add', 'x', 'y', '--scope', 'admin']],
      [['add', 'x', '--scope', 'root']],
    ],
    ...[
      [['list', 'x']],
      [['remove']],
      [['remove', 'x', 'y']],
      [['list', '--nonsense']],
      [['list', '--config']],
    ],
  ])('says how it is used: %j', (argv) => {
    expect(() => keysCommand(argv)).toThrow(/keys add NAME --scope/);
  });
});

describe('A key', () => {
  it.each(['', 'tertulia', 'tertulia__', `tertulia_${'0'.repeat(16)}_${'0'.repeat(64)}`, "' OR 1=1 --"])(
    'that was never made is none: %s',
    (text) => {
      const { keys } = keysInMemory();
      keys.add('a', ['admin']);
      expect(keys.check(text)).toBeNull();
    },
  );

  it('is another one when anything of it is', () => {
    const { keys } = keysInMemory();
    const { text } = keys.add('a', ['admin']);
    expect(keys.check(text)).not.toBeNull();
    for (const other of [
      text.toUpperCase(),
      ` ${text}`,
      `${text} `,
      text.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
    ])
      expect(keys.check(other)).toBeNull();
  });
});
