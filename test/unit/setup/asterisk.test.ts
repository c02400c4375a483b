import { expect, test } from 'vitest';
import { mirrorIn } from '../../helpers/setup/asterisk.ts';

const uri = (path: string): string => `'https://${path}' some_name 0 `;

test('the mirror is the one that this machine has Debian from, not what has a part of it', () => {
  const lines = [
    uri('example.org/debian-security/dists/bookworm-security/InRelease'),
    uri('apt.example.org/node_20.x/dists/nodistro/InRelease'),
    uri('mirror.example.org/pub/debian/dists/bookworm/InRelease'),
    uri('other.example.org/debian/dists/bookworm/InRelease'),
  ];
  expect(mirrorIn(lines)).toBe('https://mirror.example.org/pub/debian');
});

test('other systems have none', () => {
  expect(mirrorIn([uri('archive.example.org/ubuntu/dists/noble/InRelease')])).toBeUndefined();
  expect(mirrorIn([])).toBeUndefined();
});
