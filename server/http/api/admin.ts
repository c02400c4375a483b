/** For the admin page: what is going on, what it costs, how the server is set, and the log of one room. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { roles } from '../../conference/roles.ts';
import { answers, file } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, roomParams, typed } from './route.ts';

/** What media costs at the moment, as the one who measures it tells. */
export interface MediaCosts {
  workers: readonly {
    index: number;
    pid: number;
    /** Part of one processor; null until it has been measured twice. */
    cpuShare: number | null;
    /** Highest resident memory so far, in bytes. */
    maxMemoryBytes: number;
    load: number;
  }[];
  rooms: readonly {
    room: string;
    cpuShare: number | null;
    participants: readonly {
      participantId: string;
      worker: number;
      /** In bit/s. */
      bitrateIn: number;
      bitrateOut: number;
    }[];
  }[];
}

/** What a receiver of the log may be behind, in bytes; one that is behind further is let go. */
const MAX_BEHIND_BYTES = 1_048_576;

const share = z.number().nullable().describe('Part of one processor; null until it has been measured twice.');
const bitrate = z.number().describe('In bit/s.');

const overview = z.object({
  now: z.int(),
  draining: z.boolean(),
  workers: z.array(
    z.object({ index: z.int(), pid: z.int(), cpuShare: share, maxMemoryBytes: z.int(), load: z.int() }),
  ),
  rooms: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      openedAt: z.int().nullable(),
      waiting: z.int(),
      cpuShare: share,
      bitrateIn: bitrate,
      bitrateOut: bitrate,
      people: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          role: z.enum(roles),
          kind: z.enum(['browser', 'phone']),
          quality: z.enum(['good', 'fair', 'poor']),
          connected: z.boolean(),
          joinedAt: z.int(),
          bitrateIn: bitrate,
          bitrateOut: bitrate,
        }),
      ),
    }),
  ),
});

const setting = z.object({
  group: z.string(),
  key: z.string().describe('In the file.'),
  env: z.string().describe('In the environment.'),
  meaning: z.string(),
  byDefault: z.string(),
  value: z.string().nullable().describe('JSON; null for what is not set, and for secrets.'),
  secret: z.boolean(),
  isSet: z.boolean(),
});

export function adminRoutes(app: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const { conference, costs, settings, roomLog, clock } = options;
  const api = typed(app);
  const onRequest = guard.needs('admin');

  api.get(
    '/admin/overview',
    {
      onRequest,
      schema: {
        ...needing('admin', 'Rooms where somebody is, who, what each costs, and the media workers'),
        response: answers(overview),
      },
    },
    async () => {
      const { workers, rooms } = await costs();
      const costOf = new Map(rooms.map((room) => [room.room, room]));
      return {
        now: clock.now(),
        draining: conference.draining,
        workers: workers.map(({ index, pid, cpuShare, maxMemoryBytes, load }) => ({
          ...{ index, pid, cpuShare, maxMemoryBytes, load },
        })),
        rooms: conference.rooms.map((room) => {
          const { info, participants, waiting } = room.summary();
          const cost = costOf.get(info.name);
          const ofPerson = new Map(cost?.participants.map((person) => [person.participantId, person]));
          const people = participants.map(({ id, name, role, kind, quality, connected, joinedAt }) => {
            const { bitrateIn = 0, bitrateOut = 0 } = ofPerson.get(id) ?? {};
            return { id, name, role, kind, quality, connected, joinedAt, bitrateIn, bitrateOut };
          });
          return {
            name: info.name,
            kind: info.settings.kind,
            openedAt: info.openedAt,
            waiting: waiting.length,
            cpuShare: cost?.cpuShare ?? null,
            bitrateIn: sum(people.map((person) => person.bitrateIn)),
            bitrateOut: sum(people.map((person) => person.bitrateOut)),
            people,
          };
        }),
      };
    },
  );

  api.get(
    '/admin/settings',
    {
      onRequest,
      schema: {
        ...needing('admin', 'The settings in force, without secrets'),
        response: answers(z.object({ settings: z.array(setting) })),
      },
    },
    () => ({ settings: [...settings] }),
  );

  api.get(
    '/admin/rooms/:room/log',
    {
      onRequest,
      // They are JSON already.
      sse: { kind: 'only', serializer: String },
      schema: {
        ...needing('admin', "One room's log: the last lines, then each as it comes"),
        params: roomParams,
        response: file('text/event-stream', 'Server-sent events, each with a line of the log as JSON.'),
      },
    },
    async (request, reply) => {
      reply.sse.keepAlive();
      // Whoever opens it sees that it is open before the first line comes.
      reply.sse.sendHeaders();
      const stop = roomLog.follow(request.params.room, {
        line: (line) => {
          if (reply.raw.writableLength > MAX_BEHIND_BYTES) reply.sse.close();
          // It fails only where nobody listens any more.
          else reply.sse.send({ data: line }).catch(() => undefined);
        },
        end: () => reply.sse.close(),
      });
      reply.sse.onClose(stop);
    },
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
