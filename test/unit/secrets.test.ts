import { describe, expect, it } from 'vitest';
import { secrets } from '../../server/secrets.ts';

describe('A password', () => {
  it('is known again from its hash, however its letters are composed, and no other is', async () => {
    const hash = await secrets.hashPassword('caf\u00e9');
    expect(await secrets.isPassword('caf\u00e9', hash)).toBe(true);
    expect(await secrets.isPassword('cafe\u0301', hash)).toBe(true);
    expect(await secrets.isPassword('cafe', hash)).toBe(false);
    expect(await secrets.isPassword('', hash)).toBe(false);
    expect(hash).not.toContain('caf');
    expect(await secrets.hashPassword('caf\u00e9')).not.toBe(hash);
  });

  it.each(['', '.', 'x', 'x.', '.x', 'x.y'])('is none that fits to the hash %j', async (hash) => {
    expect(await secrets.isPassword('', hash)).toBe(false);
  });
});

describe('A key', () => {
  it('is another each time, and its hash is the same', () => {
    const [one, other] = [secrets.newKey(), secrets.newKey()];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^[\w-]{21,}$/);
    expect(secrets.hashKey(one)).toBe(secrets.hashKey(one));
    expect(secrets.hashKey(one)).not.toBe(secrets.hashKey(other));
  });
});
