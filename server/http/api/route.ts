/** What the routes of the API share. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Scope } from '../../access/api-keys.ts';
import { normalizeRoomName, roomName } from '../../signalling/contract.ts';

/** With the types of requests and answers from their schemas. */
export function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

/** In the path. */
export const roomParams = z.object({ room: roomName.transform(normalizeRoomName) });

/** For the document: what a route takes. */
export function needing(scope: Scope, summary: string) {
  return {
    summary,
    description: `Takes the scope \`${scope}\`.`,
    security: [{ key: [] }, { session: [] }],
  };
}
