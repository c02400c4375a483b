/** Rooms: made, listed, changed, deleted. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { customAlphabet } from 'nanoid';
import { z } from 'zod';
import type { RoomName } from '../../conference/model.ts';
import type { RoomRecord } from '../../conference/ports.ts';
import { normalizeRoomName, password, pin, roomName, roomSettingsChange } from '../../signalling/contract.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, created, done, people, room as roomSchema } from './answers.ts';
import type { Guard } from './guard.ts';
import { roomUrl } from './parts.ts';
import type { ApiOptions } from './parts.ts';
import { needing, roomParams, typed } from './route.ts';

/** Letters and digits that are not mistaken for each other; 60 bits: nobody comes upon such a room by guessing. */
const inventedName = customAlphabet('abcdefghjkmnpqrstuvwxyz23456789', 12);

const change = z.strictObject({
  settings: roomSettingsChange.exactOptional(),
  password: password.nullable().exactOptional().describe('Null takes it away.'),
  pin: pin.nullable().exactOptional().describe('Null takes it away.'),
  startsAt: z.int().min(0).nullable().exactOptional().describe('In ms since the epoch; null for no time.'),
});

const making = change.extend({
  name: roomName.transform(normalizeRoomName).exactOptional().describe('One is invented if absent.'),
});

export function roomRoutes(app: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const { conference, lastingRooms } = options;
  const api = typed(app);

  function shown(request: FastifyRequest, record: RoomRecord): z.output<typeof roomSchema> {
    const { name, settings, passwordHash, number, pin: digits, lasting, startsAt, openedAt } = record;
    const live = conference.room(name)?.summary();
    return {
      name,
      url: roomUrl(options, request, name),
      settings: { ...settings, allowed: [...settings.allowed] },
      hasPassword: passwordHash !== null,
      number,
      pin: digits,
      lasting,
      startsAt,
      openedAt,
      spotlight: live?.info.spotlight ?? null,
      participants: live?.participants.length ?? 0,
      waiting: live?.waiting.length ?? 0,
    };
  }

  function known(name: RoomName): RoomRecord {
    const record = conference.record(name);
    if (!record) throw new HttpRefusal(404, 'unknown-room', 'There is no such room.');
    return record;
  }

  api.get(
    '/rooms',
    {
      onRequest: guard.needs('rooms:read'),
      schema: {
        ...needing('rooms:read', 'Rooms that last, and all where somebody is'),
        querystring: z.strictObject({
          live: z.stringbool().exactOptional().describe('Only those where somebody is.'),
        }),
        response: answers(z.object({ rooms: z.array(roomSchema) })),
      },
    },
    (request) => {
      const live = conference.rooms.map(({ rules }) => rules.record);
      const lasting = request.query.live === true ? [] : lastingRooms();
      const byName = new Map([...lasting, ...live].map((record) => [record.name, record]));
      return { rooms: [...byName.values()].map((record) => shown(request, record)) };
    },
  );

  api.post(
    '/rooms',
    {
      onRequest: guard.needs('rooms:write'),
      schema: {
        ...needing('rooms:write', 'Make a room that lasts'),
        body: making,
        response: created(
          z.object({
            room: roomSchema,
            hostKey: z.string().describe('Whoever joins with it is host. It is told this once.'),
          }),
        ),
      },
    },
    async (request, reply) => {
      const { name = inventedName(), ...rest } = request.body;
      const made = await conference.makeRoom({ name, ...rest });
      if (!made) throw new HttpRefusal(409, 'room-exists', 'There is a room of that name already.');
      return reply.code(201).send({ room: shown(request, made.record), hostKey: made.hostKey });
    },
  );

  api.get(
    '/rooms/:room',
    {
      onRequest: guard.needs('rooms:read'),
      schema: {
        ...needing('rooms:read', 'One room'),
        params: roomParams,
        response: answers(z.object({ room: roomSchema })),
      },
    },
    (request) => ({ room: shown(request, known(request.params.room)) }),
  );

  api.patch(
    '/rooms/:room',
    {
      onRequest: guard.needs('rooms:write'),
      schema: {
        ...needing('rooms:write', 'Change a room; what is absent stays'),
        params: roomParams,
        body: change,
        response: answers(z.object({ room: roomSchema })),
      },
    },
    async (request) => {
      const record = await conference.changeRoom(request.params.room, request.body);
      if (!record) throw new HttpRefusal(404, 'unknown-room', 'There is no such room.');
      return { room: shown(request, record) };
    },
  );

  api.delete(
    '/rooms/:room',
    {
      onRequest: guard.needs('rooms:write'),
      schema: {
        ...needing('rooms:write', 'End a room, and forget it'),
        params: roomParams,
        response: answers(done),
      },
    },
    (request) => {
      const { room } = request.params;
      if (!conference.removeRoom(room)) throw new HttpRefusal(404, 'unknown-room', 'There is no such room.');
      return {};
    },
  );

  api.get(
    '/rooms/:room/people',
    {
      onRequest: guard.needs('rooms:read'),
      schema: {
        ...needing('rooms:read', 'Who is in a room, what they publish, and who waits at the door'),
        params: roomParams,
        response: answers(people),
      },
    },
    (request) => {
      const { name } = known(request.params.room);
      const live = conference.room(name)?.summary();
      if (!live) return { participants: [], publications: [], waiting: [] };
      const participants = live.participants.map((info) => ({ ...info, allowed: [...info.allowed] }));
      return { participants, publications: live.publications, waiting: live.waiting };
    },
  );
}
