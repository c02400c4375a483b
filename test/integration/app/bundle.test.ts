/** What a newcomer's browser has to load before there is something to see: of the client as it was built. */
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLIENT_DIST } from '../../helpers/paths.ts';

const KB = 1_000;

interface Entry {
  readonly file: string;
  readonly imports?: readonly string[];
}

const manifest = JSON.parse(readFileSync(`${CLIENT_DIST}/.vite/manifest.json`, 'utf8')) as Record<
  string,
  Entry
>;

/** The compressed size of modules with all that they import at once, in bytes. */
function firstLoad(...modules: string[]): { brotli: number; gzip: number } {
  const files = new Set<string>();
  const add = (name: string): void => {
    const entry = manifest[name];
    if (!entry) throw new Error(`${name} has no file of its own.`);
    if (files.has(entry.file)) return;
    files.add(entry.file);
    entry.imports?.forEach(add);
  };
  modules.forEach(add);
  const sum = (ending: string): number =>
    [...files].reduce((total, file) => total + sizeOf(`${CLIENT_DIST}/${file}`, ending), 0);
  return { brotli: sum('.br'), gzip: sum('.gz') };
}

/** What is too small to be worth compressing is sent as it is. */
function sizeOf(file: string, ending: string): number {
  return (statSync(file + ending, { throwIfNoEntry: false }) ?? statSync(file)).size;
}

const START = ['index.html', 'app/i18n/en/start.ts'];
const PHONE = [...START, 'app/i18n/en/room.ts', 'app/i18n/en/phone.ts', 'phone/ui/phone.tsx'];
const ROOM = [...START, 'app/i18n/en/room.ts', 'app/meeting/meeting.tsx', 'app/room/room.tsx'];

describe('the JavaScript of a first visit', () => {
  it('of the start page is at most 80 KB', () => {
    const { brotli, gzip } = firstLoad(...START);
    console.log(`Start page: ${brotli} bytes with brotli, ${gzip} with gzip.`);
    expect(gzip).toBeLessThanOrEqual(80 * KB);
  });

  it('of a room is at most 200 KB', () => {
    const { brotli, gzip } = firstLoad(...ROOM);
    console.log(`Room: ${brotli} bytes with brotli, ${gzip} with gzip.`);
    expect(gzip).toBeLessThanOrEqual(200 * KB);
  });

  it('of the web phone is at most 200 KB', () => {
    const { brotli, gzip } = firstLoad(...PHONE);
    console.log(`Web phone: ${brotli} bytes with brotli, ${gzip} with gzip.`);
    expect(gzip).toBeLessThanOrEqual(200 * KB);
  });

  it('comes from this server alone: the page asks nobody else', () => {
    const page = readFileSync(`${CLIENT_DIST}/index.html`, 'utf8');
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});
