/**
 * The contract of participants, fuzzed: several sockets in one room send whatever requests in whatever order, connect,
 * drop and come back. Each request gets a typed answer, the room knows who is there and nobody else, nothing is left over,
 * and the people in the room beside notice nothing. For longer runs see `test/helpers/fuzz.ts`.
 */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { requests } from '../../../server/signalling/contract.ts';
import { errorCodes } from '../../../server/signalling/contract/words.ts';
import { comeIn } from '../../helpers/assembly.ts';
import type { Person } from '../../helpers/assembly.ts';
import { FUZZ_TIMEOUT_MS, fuzzRun, mostly } from '../../helpers/fuzz.ts';
import { FuzzedSocket } from '../../helpers/fuzzed-socket.ts';
import { heapInUse } from '../../helpers/heap.ts';
import { payloadsOf } from '../../helpers/payloads.ts';
import { receiverCapabilities } from '../../helpers/rtc-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { sleep, until } from '../../helpers/wait.ts';

const SOCKETS = 4;
const ROOM = 'fuzzed';
/** Long enough for every answer on a busy machine. */
const SETTLED_MS = 10_000;
/** More than a run leaves behind for the collector, less than a leak in each of thousands of requests. */
const MEMORY_BYTES = 128 * 2 ** 20;

let server: SignalledServer;
let bystander: Person;
let heldBefore: number;

beforeAll(async () => {
  server = await SignalledServer.start({
    limits: { placeKeptMs: 500 },
    gateway: {
      resumeMs: 500,
      rates: { messagesPerSecond: 1_000, messageBurst: 1_000, joinsPerMinute: 1_000_000 },
    },
  });
  bystander = await comeIn(server, 'beside', 'Bystander');
  heldBefore = await server.sfu.held();
});
afterEach(() => {
  expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
});
afterAll(() => server.close());

interface Request {
  do: 'request';
  socket: number;
  name: string;
  payload: unknown;
  /** Whether the next step comes after the answer. */
  wait: boolean;
}
interface Connection {
  do: 'connect' | 'cut';
  socket: number;
}
type Step = Request | Connection;

/** What makes sense in fields of these names. */
const special = {
  room: [ROOM, ROOM, ROOM.toUpperCase(), 'other'],
  name: ['Ana', 'Bo', 'Ça va? 👋'],
  password: ['right', 'wrong'],
  text: ['Hello', '<b>&amp;</b>', '\u202etxt'],
  destination: ['+54 11 5555 5555', 'sip:a@b'],
  mimeType: ['audio/opus', 'video/VP8', 'video/rtx'],
  algorithm: ['sha-256', 'sha-1'],
  value: [Array.from({ length: 32 }, () => 'AB').join(':')],
  ssrc: ['1'],
};
const fitting: Record<string, fc.Arbitrary<unknown>> = {
  ready: fc.constant({ rtpCapabilities: receiverCapabilities }),
  join: fc.record({ version: fc.constant(1), room: fc.constant(ROOM), name: fc.constantFrom('Ana', 'Bo') }),
  publish: fc.record({
    source: fc.constantFrom('microphone', 'camera', 'screen', 'screenAudio'),
    muted: fc.boolean(),
    rtpParameters: fc.record({
      codecs: fc.constantFrom(
        [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
        [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
      ),
      encodings: fc.array(fc.record({ ssrc: fc.integer({ min: 1, max: 20 }) }), { maxLength: 3 }),
    }),
  }),
};

const anyRequest = fc.constantFrom(...Object.entries(requests)).chain(([name, schema]) => {
  const payload = payloadsOf(schema, special);
  const sound = fitting[name];
  return fc.record<Request>({
    do: fc.constant('request'),
    socket: fc.nat(SOCKETS - 1),
    name: fc.constant(name),
    payload: sound ? mostly(sound, payload) : payload,
    wait: fc.boolean(),
  });
});
const join = fc.record<Request>({
  do: fc.constant('request'),
  socket: fc.nat(SOCKETS - 1),
  name: fc.constant('join'),
  payload: mostly(fitting['join']!, payloadsOf(requests.join, special)),
  wait: fc.boolean(),
});
const connection = fc.record<Connection>({
  do: fc.constantFrom('connect', 'cut'),
  socket: fc.nat(SOCKETS - 1),
});
const story = fc.array(
  fc.oneof(
    { arbitrary: anyRequest, weight: 12 },
    { arbitrary: join, weight: 3 },
    { arbitrary: connection, weight: 1 },
  ),
  { minLength: 1, maxLength: 200, size: 'max' },
);
/** Who is in the room before the story begins. */
const present = fc.array(mostly(fc.constant(true), fc.constant(false)), {
  minLength: SOCKETS,
  maxLength: SOCKETS,
});

/** Carries out the steps, all answered. */
async function play(steps: readonly Step[], sockets: readonly FuzzedSocket[]): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const step of steps) {
    const socket = sockets[step.socket]!;
    if (step.do === 'cut') socket.cut();
    if (step.do === 'connect') await socket.connect(server.url);
    if (step.do === 'request') {
      const answered = socket.request(step.name, step.payload).then((result) => {
        if (!result || result.ok) return;
        expect(errorCodes).toContain(result.error.code);
        expect(result.error).not.toMatchObject({ code: 'internal' });
      });
      answers.push(answered);
      if (step.wait) await answered;
    }
  }
  await Promise.all(answers);
}

/** Ids of those whose sockets are in the room: as they know it, and as the room does. */
function whoIsThere(sockets: readonly FuzzedSocket[]): { sockets: string[]; rooms: string[] } {
  const inRooms = server.conference.rooms
    .filter(({ name }) => name !== 'beside')
    .flatMap((room) => room.summary().participants.filter(({ connected }) => connected));
  return {
    sockets: sockets.flatMap(({ participantId }) => participantId ?? []).sort(),
    rooms: inRooms.map(({ id }) => id).sort(),
  };
}

it(
  'takes whatever several sockets send in whatever order, and knows who is there',
  async () => {
    await fc.assert(
      fc.asyncProperty(present, story, async (areIn, steps) => {
        const known = new Map<string, string[]>();
        const sockets = Array.from({ length: SOCKETS }, () => new FuzzedSocket(known));
        try {
          for (const [socket, isIn] of areIn.entries()) {
            await sockets[socket]!.connect(server.url);
            const payload = { version: 1, room: ROOM, name: `Nr. ${socket}` };
            if (isIn) await play([{ do: 'request', socket, name: 'join', payload, wait: true }], sockets);
          }
          await play(steps, sockets);
          await until(
            'rooms and sockets agree on who is there',
            () => whoIsThere(sockets),
            (there) => String(there.sockets) === String(there.rooms),
            { timeoutMs: SETTLED_MS, everyMs: 5 },
          );
          await bystander.client.ask('view', { videos: [], pinned: null });
        } finally {
          for (const socket of sockets) socket.close();
          for (const room of server.conference.rooms) if (room.name !== 'beside') room.end('room-ended');
        }
      }),
      fuzzRun(),
    );
    await until(
      'nothing is left in the media worker',
      () => server.sfu.held(),
      (held) => held === heldBefore,
      { timeoutMs: SETTLED_MS },
    );
    expect(server.conference.rooms.map(({ name }) => name)).toEqual(['beside']);
    expect(Object.prototype).not.toHaveProperty('polluted');
    await sleep(100);
    expect(heapInUse()).toBeLessThan(startedWith + MEMORY_BYTES);
  },
  FUZZ_TIMEOUT_MS,
);

const startedWith = heapInUse();
