/** Invitations: what to send to people so that they find the room, as text and for calendars. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RoomRecord } from '../../conference/ports.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, dialIn as dialInSchema, file } from './answers.ts';
import type { Guard } from './guard.ts';
import { invitationText, languages } from './invitation-text.ts';
import { roomUrl } from './parts.ts';
import type { ApiOptions } from './parts.ts';
import { needing, roomParams, typed } from './route.ts';

const MINUTE_MS = 60_000;

/** Of the IANA database, such as `Europe/Madrid`. */
const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be the name of a time zone, such as Europe/Madrid');

const wishes = z.strictObject({
  language: z.enum(languages).default('en'),
  timeZone: timeZone.default('UTC').describe('In which times are written, such as Europe/Madrid.'),
});

export function invitationRoutes(app: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const { conference, clock, dialIn } = options;
  const api = typed(app);
  const onRequest = guard.needs('rooms:read');

  function invitation(request: FastifyRequest, name: string, wished: z.output<typeof wishes>) {
    const record = conference.record(name);
    if (!record) throw new HttpRefusal(404, 'unknown-room', 'There is no such room.');
    const url = roomUrl(options, request, name);
    return { record, url, text: invitationText({ ...record, url, dialIn }, wished) };
  }

  api.get(
    '/rooms/:room/invitation',
    {
      onRequest,
      schema: {
        ...needing('rooms:read', 'What to send to people'),
        params: roomParams,
        querystring: wishes,
        response: answers(
          z.object({
            url: z.string(),
            number: z.string().nullable(),
            pin: z.string().nullable(),
            dialIn: z.array(dialInSchema).describe('Where callers dial.'),
            startsAt: z.int().nullable(),
            text: z.string().describe('Lines for a message, without the password.'),
          }),
        ),
      },
    },
    (request) => {
      const { record, url, text } = invitation(request, request.params.room, request.query);
      const { number, pin, startsAt } = record;
      return { url, number, pin, dialIn: [...dialIn], startsAt, text };
    },
  );

  api.get(
    '/rooms/:room/invitation.ics',
    {
      onRequest,
      schema: {
        ...needing('rooms:read', 'An event for calendars (RFC 5545), of a room with a time'),
        params: roomParams,
        querystring: wishes.extend({
          minutes: z.coerce
            .number()
            .int()
            .min(5)
            .max(1_440)
            .default(60)
            .describe('How long it is meant to take.'),
        }),
        response: file('text/calendar', 'One event.'),
      },
    },
    async (request, reply) => {
      const { minutes, ...wished } = request.query;
      const { record, url, text } = invitation(request, request.params.room, wished);
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', 'attachment; filename="invitation.ics"')
        .send(await calendar(record, { url, text, minutes, stamp: clock.now() }));
    },
  );
}

interface Event {
  url: string;
  text: string;
  minutes: number;
  /** When it was written, in ms since the epoch. */
  stamp: number;
}

async function calendar(
  { name, startsAt }: RoomRecord,
  { url, text, minutes, stamp }: Event,
): Promise<string> {
  if (startsAt === null) throw new HttpRefusal(409, 'no-time', 'The room has no time.');
  // Only here, as few servers are ever asked.
  const { default: ical, ICalCalendarMethod } = await import('ical-generator');
  return ical({
    prodId: { company: 'Tertulia', product: 'Tertulia' },
    method: ICalCalendarMethod.PUBLISH,
    events: [
      {
        // The same for the same room, so that a calendar replaces what it has.
        id: `${name}@${new URL(url).hostname}`,
        stamp: new Date(stamp),
        start: new Date(startsAt),
        end: new Date(startsAt + minutes * MINUTE_MS),
        summary: name,
        location: url,
        url,
        description: text,
      },
    ],
  }).toString();
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
