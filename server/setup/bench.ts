// `npm run bench`: gets all that the measurements need, then runs them. Arguments name some of them.

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
  return runVisibly(process.execPath, [inRoot('test/load/main.ts'), ...args], {
    cwd: ROOT,
    env: { MEDIASOUP_WORKER_BIN: worker },
  });
});
