/** Gets Asterisk for the tests that need it. Where it can not be had they are left out, and say why. */
import type { TestProject } from 'vitest/node';
import { SetupError } from '../../../server/setup/errors.ts';
import { ensureAsterisk } from './asterisk.ts';
import type { Unpacked } from './asterisk.ts';

declare module 'vitest' {
  interface ProvidedContext {
    asterisk: Unpacked | { missing: string };
  }
}

/** What it takes. */
const ADVICE =
  'It takes Debian, or a relative, and among the sources of apt a mirror of Debian that can be reached.';

export async function setup(project: TestProject): Promise<void> {
  try {
    project.provide('asterisk', await ensureAsterisk());
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const missing = `No Asterisk could be had from Debian unstable: ${error.message}\n${ADVICE}`;
    // Vitest shows why a test is skipped to those alone who ask for all tests.
    console.error(`The tests with Asterisk are left out. ${missing}`);
    project.provide('asterisk', { missing });
  }
}
