// `node server/setup/bootstrap.mjs worker`: gets the worker alone and tells where it is. For images.

import { runAsProcess } from './step.ts';
import { ensureWorker } from './worker.ts';

await runAsProcess(async () => {
  console.log(await ensureWorker());
  return 0;
});
