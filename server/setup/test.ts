// `npm test`: gets all that the suites need, then runs them. Arguments go to vitest.

import { ensureClient } from './client.ts';
import { ensurePackages } from './packages.ts';
import { ROOT, inRoot } from './paths.ts';
import { selectedProjects } from './projects.ts';
import { runVisibly } from './run.ts';
import { runAsProcess } from './step.ts';
import { ensureWorker } from './worker.ts';

/** Projects of test/vitest.config.ts that need no browser. */
const BROWSERLESS: ReadonlySet<string> = new Set(['unit', 'integration']);

await runAsProcess(async (args) => {
  const projects = selectedProjects(args);
  const hasBrowsers = projects.length === 0 || projects.some((name) => !BROWSERLESS.has(name));
  if (hasBrowsers) await ensurePackages('browserTests');
  const worker = await ensureWorker();
  await ensureClient();
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  return runVisibly(process.execPath, [vitest, 'run', '--config', 'test/vitest.config.ts', ...args], {
    cwd: ROOT,
    env: { MEDIASOUP_WORKER_BIN: worker },
  });
});
