/** The API for programs, below `/api`, and the document that describes it, made of the schemas that check it. */
import fastifyCookie from '@fastify/cookie';
import { fastifySSE } from '@fastify/sse';
import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { adminRoutes } from './admin.ts';
import { attendanceRoutes } from './attendance.ts';
import { bridgeRoutes } from './bridges.ts';
import { callRoutes } from './calls.ts';
import { diallingRoutes } from './dialling.ts';
import { Guard, SESSION_COOKIE } from './guard.ts';
import { invitationRoutes } from './invitation.ts';
import { keyRoutes } from './keys.ts';
import { moderationRoutes } from './moderation.ts';
import type { ApiOptions } from './parts.ts';
import { roomRoutes } from './rooms.ts';
import { signInRoutes } from './sign-in.ts';
import { tokenRoutes } from './tokens.ts';
import { webhookRoutes } from './webhooks.ts';

const MINUTE_MS = 60_000;

export async function registerApi(app: FastifyInstance, options: ApiOptions): Promise<void> {
  // Everything below is of the API alone: other routes are neither checked nor described by it.
  await app.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      await api.register(fastifyCookie);
      await api.register(fastifySSE);
      await api.register(fastifySwagger, { openapi: OPENAPI, transform: jsonSchemaTransform });
      api.addHook('onRequest', api.rateLimit({ max: options.requestsPerMinute, timeWindow: MINUTE_MS }));
      api.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store');
      });
      const guard = new Guard(options);
      roomRoutes(api, options, guard);
      moderationRoutes(api, options, guard);
      attendanceRoutes(api, options, guard);
      callRoutes(api, options, guard);
      bridgeRoutes(api, options, guard);
      diallingRoutes(api, options, guard);
      invitationRoutes(api, options, guard);
      tokenRoutes(api, options, guard);
      webhookRoutes(api, options, guard);
      keyRoutes(api, options, guard);
      signInRoutes(api, options, guard);
      adminRoutes(api, options, guard);
      api.get(
        '/openapi.json',
        { schema: { summary: 'This document', response: { 200: z.record(z.string(), z.unknown()) } } },
        () => ({ ...api.swagger() }),
      );
    },
    { prefix: `${options.basePath}/api` },
  );
}

const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Tertulia',
    version: '1',
    description:
      'Rooms, the people in them, tokens, attendance, telephone calls and webhooks. Times are in ms since the epoch. ' +
      'Every refusal has the form {"error": {"code", "message"}}.',
  },
  components: {
    securitySchemes: {
      key: {
        type: 'http',
        scheme: 'bearer',
        description: 'An API key: npm start -- keys add NAME --scope SCOPE',
      },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: SESSION_COOKIE,
        description:
          'Of somebody who has signed in; over HTTPS with `__Host-` or `__Secure-` before its name.',
      },
    },
  },
} as const;
