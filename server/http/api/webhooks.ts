/** Webhooks: those of the settings, and those that programs add and remove. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { webhookEvents } from '../../webhook-events.ts';
import type { WebhookEvent } from '../../webhook-events.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, created, done, instant } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, typed } from './route.ts';

export interface Webhook {
  id: string;
  url: string;
  events: readonly WebhookEvent[];
}

interface AddedWebhook extends Webhook {
  /** Ms since the epoch. */
  createdAt: number;
}

/** Implemented by `server/webhooks`. */
export interface WebhookRegistry {
  readonly configured: readonly Webhook[];
  readonly added: readonly AddedWebhook[];
  add(webhook: Omit<Webhook, 'id'>): (AddedWebhook & { secret: string }) | 'private-address' | 'too-many';
  /** @returns false for one that was not added */
  remove(id: string): boolean;
}

const url = z
  .url({ protocol: /^https?$/, abort: true })
  .max(2_000)
  .refine((text) => {
    const { username, password } = new URL(text);
    return username === '' && password === '';
  }, 'must not have a user or password');

const events = z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length);

const webhook = z.object({
  id: z.string().nullable().describe('Null for those of the settings, which the API does not change.'),
  url: z.string(),
  events,
  createdAt: instant.nullable(),
});

export function webhookRoutes(app: FastifyInstance, { webhooks }: ApiOptions, guard: Guard): void {
  const api = typed(app);
  const onRequest = guard.needs('webhooks:write');

  api.get(
    '/webhooks',
    {
      onRequest,
      schema: {
        ...needing('webhooks:write', 'Who is told what happens, without secrets'),
        response: answers(z.object({ webhooks: z.array(webhook) })),
      },
    },
    () => ({
      webhooks: [
        ...webhooks.configured.map((one) => shown({ ...one, id: null, createdAt: null })),
        ...webhooks.added.map(shown),
      ],
    }),
  );

  api.post(
    '/webhooks',
    {
      onRequest,
      schema: {
        ...needing('webhooks:write', 'Have a URL told what happens from now on (Standard Webhooks)'),
        body: z.strictObject({
          url,
          events: events.default([...webhookEvents]).describe('All of them if absent.'),
        }),
        response: created(
          z.object({
            webhook,
            secret: z.string().describe('What is sent is signed with it. It is told this once.'),
          }),
        ),
      },
    },
    async (request, reply) => {
      const made = webhooks.add(request.body);
      if (made === 'private-address') {
        throw new HttpRefusal(400, 'private-address', 'url: must not lead to a private address');
      }
      if (made === 'too-many') throw new HttpRefusal(409, 'too-many-webhooks', 'There are too many already.');
      return reply.code(201).send({ webhook: shown(made), secret: made.secret });
    },
  );

  api.delete(
    '/webhooks/:id',
    {
      onRequest,
      schema: {
        ...needing('webhooks:write', 'Have it told nothing any more, also nothing that waits for it'),
        params: z.object({ id: z.string().max(64) }),
        response: answers(done),
      },
    },
    (request) => {
      if (webhooks.remove(request.params.id)) return {};
      throw new HttpRefusal(404, 'not-found', 'No such webhook was added.');
    },
  );
}

function shown(one: Omit<Webhook, 'id'> & Pick<z.output<typeof webhook>, 'id' | 'createdAt'>) {
  const { id, url: where, createdAt } = one;
  return { id, url: where, events: [...one.events], createdAt };
}
