/** Tokens for other programs' users. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { claims } from '../../access/claims.ts';
import { created } from './answers.ts';
import type { Guard } from './guard.ts';
import { roomUrl } from './parts.ts';
import type { ApiOptions } from './parts.ts';
import { needing, typed } from './route.ts';

const MINUTE_MS = 60_000;
const MAX_MINUTES = 366 * 24 * 60;

const making = z.strictObject({
  ...claims.shape,
  features: z.strictObject(claims.shape.features.unwrap().shape).exactOptional(),
  minutes: z.int().min(1).max(MAX_MINUTES).default(60).describe('Until it expires.'),
});

export function tokenRoutes(app: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const { tokens, clock } = options;
  typed(app).post(
    '/tokens',
    {
      onRequest: guard.needs('tokens:write'),
      schema: {
        ...needing('tokens:write', 'Make a token (JWT) with which somebody joins a room'),
        body: making,
        response: created(
          z.object({
            token: z.string(),
            expiresAt: z.int().describe('In ms since the epoch.'),
            url: z
              .string()
              .nullable()
              .describe(
                'Opens the room with the token. It is a secret, as the token is. Null for several rooms.',
              ),
          }),
        ),
      },
    },
    async (request, reply) => {
      const { minutes, ...content } = request.body;
      const lastsMs = minutes * MINUTE_MS;
      const token = await tokens.mint(content, lastsMs);
      const { room } = content;
      // Behind the #, which browsers send to no server and write into no log.
      const url = room.endsWith('*') ? null : `${roomUrl(options, request, room)}#token=${token}`;
      return reply.code(201).send({ token, expiresAt: clock.now() + lastsMs, url });
    },
  );
}
