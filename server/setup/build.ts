// `npm run build`: all that `npm start` does before it starts the server. For images and for CI.

import { ensureClient } from './client.ts';
import { runAsProcess } from './step.ts';
import { ensureWorker } from './worker.ts';

await runAsProcess(async () => {
  console.log(`Worker: ${await ensureWorker()}`);
  await ensureClient();
  console.log('Client: client/dist');
  return 0;
});
