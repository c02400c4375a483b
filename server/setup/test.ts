// `npm test`: gets all that the suites need, then runs them. Arguments go to vitest.

import { ensureClient } from './client.ts';
import { ensurePackages } from './packages.ts';
import { ROOT, inRoot } from './paths.ts';
import { runVisibly } from './run.ts';
import { runAsProcess } from './step.ts';
import { ensureWorker } from './worker.ts';

await runAsProcess(async (args) => {
  await ensurePackages('browserTests');
  const worker = await ensureWorker();
  await ensureClient();
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  return runVisibly(process.execPath, [vitest, 'run', '--config', 'test/vitest.config.ts', ...args], {
    cwd: ROOT,
    env: { MEDIASOUP_WORKER_BIN: worker },
  });
});
