/** Says at once what is missing, instead of failing in each test. */
import { access, constants } from 'node:fs/promises';
import { CHROMIUM } from '../chromium.ts';
import { CLIENT_DIST } from '../paths.ts';

export async function setup(): Promise<void> {
  await need(CHROMIUM, constants.X_OK, 'Debian’s package `chromium` has it.');
  await need(`${CLIENT_DIST}/index.html`, constants.R_OK, '`npm run build` makes it.');
}

async function need(path: string, mode: number, advice: string): Promise<void> {
  await access(path, mode).catch((cause: unknown) => {
    throw new Error(`The browser tests need ${path}. ${advice} \`npm test\` sees to both.`, { cause });
  });
}
