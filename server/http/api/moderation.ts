/** What whoever runs the server may do in a room where people are: the same as a host, by the same schemas. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { HostActions } from '../../conference/host-actions.ts';
import { hostRequests } from '../../signalling/contract.ts';
import { HttpRefusal } from '../errors.ts';
import { answers, done } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, roomParams, typed } from './route.ts';

export function moderationRoutes(app: FastifyInstance, { conference }: ApiOptions, guard: Guard): void {
  const api = typed(app);

  function action<Body extends z.ZodType>(
    path: string,
    body: Body,
    summary: string,
    act: (actions: HostActions, body: z.output<Body>) => void | Promise<void>,
  ): void {
    api.post(
      `/rooms/:room/${path}`,
      {
        onRequest: guard.needs('moderate'),
        schema: {
          ...needing('moderate', summary),
          params: roomParams,
          body,
          response: answers(done),
        },
      },
      async (request) => {
        const room = conference.room(request.params.room);
        if (!room) throw new HttpRefusal(404, 'unknown-room', 'Nobody is in a room of that name.');
        const moderator = guard.moderatorOf(request);
        await act(room.actions({ may: () => true, moderator }), body.parse(request.body));
        return {};
      },
    );
  }

  const { moderate, remove, ban, renameOther, setRole, spotlight } = hostRequests;
  const { admit, deny, writeToWaiting, endRoom } = hostRequests;
  action('moderate', moderate, 'Mute, stop, ask, give the floor …', (actions, request) =>
    actions.moderate(request),
  );
  action('remove', remove, 'Put somebody out, who may come again', (actions, { participantId }) =>
    actions.remove(participantId),
  );
  action('ban', ban, 'Put somebody out for as long as the room lasts', (actions, { participantId }) =>
    actions.ban(participantId),
  );
  action('rename', renameOther, 'Give somebody another name', (actions, { participantId, name }) =>
    actions.rename(participantId, name),
  );
  action('role', setRole, 'Give somebody another role', (actions, { participantId, role }) =>
    actions.setRole(participantId, role),
  );
  action('spotlight', spotlight, 'Show somebody large to everybody', (actions, { participantId }) =>
    actions.spotlight(participantId),
  );
  action('admit', admit, 'Let in some or all who wait at the door', (actions, { knockIds }) =>
    actions.admit(knockIds),
  );
  action('deny', deny, 'Send away some or all who wait at the door', (actions, { knockIds }) =>
    actions.deny(knockIds),
  );
  action('write-to-waiting', writeToWaiting, 'Write to those at the door', (actions, { knockId, text }) =>
    actions.writeToWaiting(knockId, text),
  );
  action('end', endRoom, 'Everybody is out; a room that lasts may be entered again', (actions) =>
    actions.end(),
  );
}
