/** Bridges to telephones: how their trunks are, what they have to do, and the calls that are going on. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BridgeStatus, RunningCall, TrunkStatus } from '../../signalling/bridge-status.ts';
import { bridgeLoad, trunkState } from '../../signalling/contract/bridge.ts';
import { answers, instant } from './answers.ts';
import type { Guard } from './guard.ts';
import type { ApiOptions } from './parts.ts';
import { needing, typed } from './route.ts';

const trunk = trunkState.extend({
  since: instant,
  lastProblem: z.object({ reason: z.string(), at: instant }).nullable(),
}) satisfies z.ZodType<TrunkStatus>;

const runningCall = z.object({
  callId: z.string(),
  trunk: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  number: z.string().nullable(),
  name: z.string().nullable(),
  called: z.string().nullable().describe('The number that was dialled.'),
  state: z.enum(['asking', 'waiting', 'in-room']).describe('asking: for a room number or a PIN.'),
  room: z.string().nullable(),
  since: instant.nullable(),
  participantId: z.string().nullable(),
}) satisfies z.ZodType<RunningCall>;

const bridge = z.object({
  id: z.string(),
  since: instant,
  trunks: z.array(trunk),
  load: bridgeLoad.nullable().describe('Over the last ten seconds; null until the bridge has told.'),
  calls: z.array(runningCall).describe('Those that ask for a room, wait at its door, or are in it.'),
});

export function bridgeRoutes(app: FastifyInstance, { bridges }: ApiOptions, guard: Guard): void {
  typed(app).get(
    '/bridges',
    {
      onRequest: guard.needs('calls:read'),
      schema: {
        ...needing('calls:read', 'Bridges to telephones, their trunks, and the calls that are going on'),
        response: answers(z.object({ bridges: z.array(bridge) })),
      },
    },
    () => ({ bridges: bridges().map(shown) }),
  );
}

function shown({ trunks, calls, ...rest }: BridgeStatus): z.output<typeof bridge> {
  return { ...rest, trunks: [...trunks], calls: [...calls] };
}
