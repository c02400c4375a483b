/** Keys of the API. The first one is made on the machine itself: `npm start -- keys add`. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { scopes } from '../../access/api-keys.ts';
import type { ApiKey } from '../../access/api-keys.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, created, done } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, typed } from './route.ts';

const granted = z.array(z.enum(scopes)).min(1).max(scopes.length);
const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: granted,
  createdAt: z.int(),
  lastUsedAt: z.int().nullable(),
});

export function keyRoutes(app: FastifyInstance, { keys }: ApiOptions, guard: Guard): void {
  const api = typed(app);

  api.get(
    '/keys',
    {
      onRequest: guard.needs('admin'),
      schema: {
        ...needing('admin', 'Keys of this API, without their secrets'),
        response: answers(z.object({ keys: z.array(apiKey) })),
      },
    },
    () => ({ keys: keys.all().map(shown) }),
  );

  api.post(
    '/keys',
    {
      onRequest: guard.needs('admin'),
      schema: {
        ...needing('admin', 'Make a key'),
        body: z.strictObject({ name: z.string().trim().min(1).max(64), scopes: granted }),
        response: created(
          z.object({ key: apiKey, text: z.string().describe('What to send. It is told this once.') }),
        ),
      },
    },
    async (request, reply) => {
      const { key, text } = keys.add(request.body.name, request.body.scopes);
      return reply.code(201).send({ key: shown(key), text });
    },
  );

  api.delete(
    '/keys/:id',
    {
      onRequest: guard.needs('admin'),
      schema: {
        ...needing('admin', 'Take a key away, with all sign-ins by it'),
        params: z.object({ id: z.string().max(64) }),
        response: answers(done),
      },
    },
    (request) => {
      if (!keys.remove(request.params.id)) throw new HttpRefusal(404, 'not-found', 'There is no such key.');
      return {};
    },
  );
}

function shown(key: ApiKey): z.output<typeof apiKey> {
  return { ...key, scopes: [...key.scopes] };
}
