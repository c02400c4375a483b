// `npm start`: gets the worker and the client ready, then becomes the server.

import { join } from 'node:path';
import { ensureClient } from './client.ts';
import { SetupError } from './errors.ts';
import { NODE_FLAGS } from './node-flags.ts';
import { CACHE, ROOT, inRoot } from './paths.ts';
import { runAsProcess } from './step.ts';
import { ensureWorker } from './worker.ts';

await runAsProcess(async (args) => {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  env['NODE_ENV'] ??= 'production';
  // Halves the time that loading the server's modules takes, and from the second start on nothing has to strip types.
  env['NODE_COMPILE_CACHE'] ??= join(CACHE, 'compiled');

  // Help and commands must come at once, also where nothing can be built.
  if (!args.includes('--help') && !args.includes('-h') && args[0] !== 'keys') {
    env['MEDIASOUP_WORKER_BIN'] = await ensureWorker();
    await ensureClient();
  }

  process.chdir(ROOT);
  // Replaces this process, so that signals and the exit code need nobody to pass them on.
  if (!process.execve)
    throw new SetupError('This Node can not replace its process; Tertulia runs on Linux and macOS.');
  return process.execve(
    process.execPath,
    [process.execPath, ...process.execArgv, ...NODE_FLAGS, inRoot('server/main.ts'), ...args],
    env,
  );
});
