/** Begins to serve, or says what stands in the way. */
import type { FastifyInstance } from 'fastify';
import { StartError } from '../start-error.ts';

const ADVICE = new Map([
  ['EADDRINUSE', 'Another program serves there: stop it, or choose another PORT.'],
  [
    'EACCES',
    'Ports below 1024 need a privilege: choose another PORT, and let a reverse proxy have that one.',
  ],
  ['EADDRNOTAVAIL', 'HOST is no address of this machine.'],
  ['ENOTFOUND', 'HOST is no name that this machine knows.'],
]);

/**
 * @returns the port, which is another than was asked for if that was 0
 * @throws StartError when the address or port can not be had
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const advice = error instanceof Error && 'code' in error ? ADVICE.get(String(error.code)) : undefined;
    if (!(error instanceof Error) || advice === undefined) throw error;
    throw new StartError(`${error.message}. ${advice}`, { cause: error });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
