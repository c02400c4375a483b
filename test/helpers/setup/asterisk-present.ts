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

export async function setup(project: TestProject): Promise<void> {
  try {
    project.provide('asterisk', await ensureAsterisk());
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    project.provide('asterisk', { missing: error.message });
  }
}
