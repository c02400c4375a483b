// `npm test`: gets all that the suites need, then runs them. Arguments go to vitest.

import { ensureClient } from './client.ts';
import { ensurePackages } from './packages.ts';
import { ROOT, inRoot } from './paths.ts';
import { isSelected, selectedProjects } from './projects.ts';
import { runVisibly } from './run.ts';
import { runAsProcess } from './step.ts';
import { ensureWorker } from './worker.ts';

/** Debian packages that projects of test/vitest.config.ts need; the others need none. */
const NEEDS = [
  { project: 'integration', purpose: 'integrationTests' },
  { project: 'browser', purpose: 'browserTests' },
  { project: 'telephony', purpose: 'telephonyTests' },
] as const;

await runAsProcess(async (args) => {
  const projects = selectedProjects(args);
  for (const { project, purpose } of NEEDS) {
    if (isSelected(project, projects)) await ensurePackages(purpose);
  }
  const worker = await ensureWorker();
  await ensureClient();
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  return runVisibly(process.execPath, [vitest, 'run', '--config', 'test/vitest.config.ts', ...args], {
    cwd: ROOT,
    env: { MEDIASOUP_WORKER_BIN: worker },
  });
});
