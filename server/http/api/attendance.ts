/** Who was in a room, and what was written there. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { attendanceCsv } from '../../attendance-csv.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, attendance as stay, file } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, roomParams, typed } from './route.ts';

const since = z.strictObject({
  since: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Those who came then or later, in ms since the epoch.'),
});

export function attendanceRoutes(app: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const { conference, attendance, clock } = options;
  const api = typed(app);
  const onRequest = guard.needs('attendance:read');

  function assertKnown(name: string): void {
    if (!conference.record(name)) throw unknownRoom();
  }

  api.get(
    '/rooms/:room/attendance',
    {
      onRequest,
      schema: {
        ...needing('attendance:read', 'Who was in a room, when, and how often the hand went up'),
        params: roomParams,
        querystring: since,
        response: answers(z.object({ attendance: z.array(stay) })),
      },
    },
    ({ params, query }) => {
      assertKnown(params.room);
      return { attendance: attendance(params.room, query.since) };
    },
  );

  api.get(
    '/rooms/:room/attendance.csv',
    {
      onRequest,
      schema: {
        ...needing('attendance:read', 'The same as CSV (RFC 4180)'),
        params: roomParams,
        querystring: since,
        response: file('text/csv', 'One line a stay, and one of headings.'),
      },
    },
    async ({ params, query }, reply) => {
      assertKnown(params.room);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="attendance.csv"')
        .send(attendanceCsv(attendance(params.room, query.since), clock.now()));
    },
  );

  api.get(
    '/rooms/:room/chat.txt',
    {
      onRequest,
      schema: {
        ...needing(
          'attendance:read',
          'What was written to all and to hosts; after the room has ended only where it keeps its chat',
        ),
        params: roomParams,
        response: file('text/plain', 'One line a message, and the rest of long ones indented.'),
      },
    },
    async ({ params }, reply) => {
      const chat = conference.chatText(params.room);
      if (chat === null) throw unknownRoom();
      return reply.type('text/plain; charset=utf-8').send(chat);
    },
  );
}

function unknownRoom(): HttpRefusal {
  return new HttpRefusal(404, 'unknown-room', 'There is no such room.');
}
