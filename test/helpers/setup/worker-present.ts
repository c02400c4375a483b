/** Says at once what is missing, instead of failing in each test. */
import { access, constants } from 'node:fs/promises';

export async function setup(): Promise<void> {
  const worker = process.env['MEDIASOUP_WORKER_BIN'];
  const advice = '`npm test` gets it, and sets the variable.';
  if (worker === undefined)
    throw new Error(`MEDIASOUP_WORKER_BIN must name mediasoup's worker binary. ${advice}`);
  await access(worker, constants.X_OK).catch((cause: unknown) => {
    throw new Error(`MEDIASOUP_WORKER_BIN names ${worker}, which can not be run. ${advice}`, { cause });
  });
}
