/** Telephone calls that have ended: who called, where they wanted to, and what has become of it. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callRecord, trunkName } from '../../signalling/contract/bridge.ts';
import type { CallRecord } from '../../signalling/contract/bridge.ts';
import { normalizeRoomName, roomName } from '../../signalling/contract.ts';
import { answers, file } from './answers.ts';
import { callsCsv } from './calls-csv.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, typed } from './route.ts';

/** Calls in one answer. Higher: a query holds up everybody else for longer. */
const MAX_PAGE = 1_000;

const which = z.strictObject({
  room: roomName
    .transform(normalizeRoomName)
    .nullable()
    .default(null)
    .describe('The last that the caller was in, or wanted to get into.'),
  trunk: trunkName.nullable().default(null),
  direction: z.enum(['inbound', 'outbound']).nullable().default(null),
  from: instant('Calls that began then or later').default(0),
  until: instant('Calls that began before then').nullable().default(null),
});

const page = which.extend({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100).describe('The newest so many.'),
  olderThan: z.string().max(64).nullable().default(null).describe('`next` of the page before.'),
});

/** Which calls; null leaves it open. Times are in ms since the epoch. */
export type CallFilter = z.output<typeof page>;

export function callRoutes(app: FastifyInstance, { callRecords }: ApiOptions, guard: Guard): void {
  const api = typed(app);
  const onRequest = guard.needs('calls:read');

  api.get(
    '/calls',
    {
      onRequest,
      schema: {
        ...needing(
          'calls:read',
          'Calls that have ended, newest first, those included that came into no room',
        ),
        querystring: page,
        response: answers(
          z.object({
            calls: z.array(callRecord),
            next: z.string().nullable().describe('`olderThan` of the next page; null after the last.'),
          }),
        ),
      },
    },
    ({ query }) => {
      const calls = callRecords(query);
      return { calls, next: nextOf(calls, query.limit) };
    },
  );

  app.get<{ Querystring: z.output<typeof which> }>(
    '/calls.csv',
    {
      onRequest,
      schema: {
        ...needing('calls:read', 'All of them as CSV (RFC 4180)'),
        querystring: which,
        response: file('text/csv', 'One line a call, and one of headings.'),
      },
    },
    async ({ query }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="calls.csv"')
        .send(Readable.from(callsCsv(pages(query)))),
  );

  function* pages(filter: z.output<typeof which>): Generator<CallRecord[]> {
    let olderThan: string | null = null;
    for (;;) {
      const calls = callRecords({ ...filter, olderThan, limit: MAX_PAGE });
      yield calls;
      const next = nextOf(calls, MAX_PAGE);
      if (next === null) return;
      olderThan = next;
    }
  }
}

/** What the next page begins behind; null after the last. */
function nextOf(calls: readonly CallRecord[], limit: number): string | null {
  return calls.length < limit ? null : (calls.at(-1)?.callId ?? null);
}

function instant(meaning: string) {
  return z.coerce.number().int().min(0).describe(`${meaning}, in ms since the epoch.`);
}
