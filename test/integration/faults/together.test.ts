/** What does not come alone: the disk is full, the network of a school is gone for a moment, and the media worker dies. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Network } from '../../helpers/network.ts';
import { closeLibrary } from '../../helpers/rtc-end.ts';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { until } from '../../helpers/wait.ts';

const PEOPLE = 50;
/** One page of the database, which has more of them from the start, in bytes. */
const PAGE = 4_096;
/** Clients come back each so many ms until they are in. */
const AGAIN_MS = 250;

let server: ServerProcess;
let network: Network;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { WORKERS: '1' } });
  network = await Network.open(server.port, []);
});

afterAll(async () => {
  network.close();
  await server.close();
  closeLibrary();
});

/** From now on a write beyond this fails, as on a full disk. */
function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`]);
}

it(`A worker that dies on a full disk while ${PEOPLE} come back costs nobody the place, and voices a moment`, async () => {
  const ana = await SignalledParticipant.join(server.url, 'school', 'Ana');
  const bruno = await SignalledParticipant.join(server.url, 'school', 'Bruno');
  await ana.speakTo(bruno);
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, i) => {
      const client = await SignalClient.connect(network.url);
      return { client, ...(await client.join('school', `Person ${i}`)) };
    }),
  );

  limitFiles(PAGE);
  network.cutWeb();
  await Promise.all(people.map(({ client }) => client.disconnected()));
  const [worker] = server.workers();
  process.kill(worker!, 'SIGKILL');
  network.mend();
  const start = performance.now();
  const since = (): string => ((performance.now() - start) / 1_000).toFixed(1);
  const comeBack = Promise.all(
    people.map(async ({ client, participantId, token }) => {
      const { answer: again } = await until(
        'to be let in again',
        async () => {
          const socket = await SignalClient.connect(network.url);
          const resume = { token, lastEvent: client.lastEvent };
          const answer = await socket.join('school', 'Whatever', resume).catch(() => null);
          if (answer) return { socket, answer };
          socket.close();
          return null;
        },
        (found) => found !== null,
        { everyMs: AGAIN_MS },
      );
      expect(again?.answer).toMatchObject({ resumed: true, participantId });
      return again?.socket;
    }),
  ).then((sockets) => {
    console.log(`all ${PEOPLE} were back after ${since()} s`);
    return sockets;
  });
  await Promise.all([ana, bruno].map(({ signal }) => signal.told('mediaReset')));
  await Promise.all([ana.connected(), bruno.connected()]);
  await ana.speakTo(bruno);
  console.log(`voices were back after ${since()} s`);
  const back = await comeBack;
  expect(ana.signal.events.filter(({ type }) => type === 'participantLeft')).toEqual([]);
  expect(server.workers()).not.toContain(worker);
  // What must be kept is refused, and nothing else.
  expect(await ana.signal.refusal('chat', { text: 'Anybody?', to: 'everyone' })).toMatchObject({
    code: 'internal',
  });

  limitFiles('unlimited');
  await ana.signal.ask('chat', { text: 'There we are.', to: 'everyone' });
  for (const socket of back) {
    await socket?.told('chatMessage', ({ message }) => message.text === 'There we are.');
    socket?.close();
  }
  ana.vanish();
  bruno.vanish();
});
