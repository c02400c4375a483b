/** Calls out of a room where people are, under the same rules as a host's. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { dialStates } from '../../conference/model.ts';
import type { Dial, RoomName } from '../../conference/model.ts';
import type { Room } from '../../conference/room.ts';
import { hostRequests } from '../../signalling/contract.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, created, done } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, roomParams, typed } from './route.ts';

const dial = z.object({
  id: z.string(),
  destination: z.string(),
  state: z.enum(dialStates),
  by: z.string().describe('Who calls.'),
}) satisfies z.ZodType<Dial>;

export function diallingRoutes(app: FastifyInstance, { conference }: ApiOptions, guard: Guard): void {
  const api = typed(app);
  const onRequest = guard.needs('calls:write');

  function live(name: RoomName): Room {
    const room = conference.room(name);
    if (!room) throw new HttpRefusal(404, 'unknown-room', 'Nobody is in a room of that name.');
    return room;
  }

  api.get(
    '/rooms/:room/calls',
    {
      onRequest,
      schema: {
        ...needing('calls:write', 'Calls out of a room that nobody has answered yet'),
        params: roomParams,
        response: answers(z.object({ dials: z.array(dial) })),
      },
    },
    ({ params }) => {
      const room = live(params.room);
      return { dials: room.dialling.underWay(room) };
    },
  );

  api.post(
    '/rooms/:room/calls',
    {
      onRequest,
      schema: {
        ...needing('calls:write', 'Call a number, or a SIP URI, that is on the list of what may be dialled'),
        params: roomParams,
        body: hostRequests.callOut,
        response: created(z.object({ dial })),
      },
    },
    async (request, reply) => {
      const actor = { may: () => true, moderator: guard.moderatorOf(request) };
      const made = live(request.params.room).actions(actor).callOut(request.body.destination);
      return reply.code(201).send({ dial: made });
    },
  );

  api.delete(
    '/rooms/:room/calls/:dialId',
    {
      onRequest,
      schema: {
        ...needing('calls:write', 'Call it off; whoever has answered is removed as anybody else is'),
        params: roomParams.extend({ dialId: z.string().max(64) }),
        response: answers(done),
      },
    },
    (request) => {
      const { room: name, dialId } = request.params;
      const room = live(name);
      if (!room.dialling.underWay(room).some(({ id }) => id === dialId)) {
        throw new HttpRefusal(
          404,
          'not-found',
          'There is no such call, or it has been answered or has ended.',
        );
      }
      room.actions({ may: () => true, moderator: guard.moderatorOf(request) }).cancelCallOut(dialId);
      return {};
    },
  );
}
