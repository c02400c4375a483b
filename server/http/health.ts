/** Whether the server lives, and whether it takes rooms: for supervisors, containers and load balancers. */
import type { FastifyInstance } from 'fastify';
import type { BridgeStatus } from '../signalling/bridge-status.ts';

export interface HealthParts {
  /** Media workers that run now. */
  workerCount: () => number;
  roomCount: () => number;
  isDraining: () => boolean;
  bridges: () => readonly BridgeStatus[];
}

/** At the root as well as below the base path: who asks may be in front of the proxy or behind it. */
export function registerHealth(app: FastifyInstance, basePath: string, parts: HealthParts): void {
  const isReady = () => parts.workerCount() > 0 && !parts.isDraining();
  for (const path of new Set(['', basePath])) {
    app.get(`${path}/health/live`, () => ({ status: 'live' }));
    app.get(`${path}/health/ready`, (_request, reply) =>
      isReady() ? { status: 'ready' } : reply.code(503).send({ status: 'not-ready' }),
    );
    app.get(`${path}/health`, () => ({
      status: isReady() ? 'ready' : 'not-ready',
      draining: parts.isDraining(),
      workers: parts.workerCount(),
      rooms: parts.roomCount(),
      ...telephones(parts.bridges()),
    }));
  }
}

/** Anybody may ask: it is told how trunks are, and neither where they lead nor who calls. */
function telephones(bridges: readonly BridgeStatus[]) {
  const trunks = bridges.flatMap((bridge) => bridge.trunks);
  return {
    bridges: bridges.length,
    trunks: trunks.map(({ name, state, calls }) => ({ name, state, calls })),
  };
}
