/** A disk that is full: nothing is said to be kept that is not, and whoever talks goes on talking. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { until } from '../../helpers/wait.ts';

/** One page of the database, which has more of them from the start, in bytes. */
const PAGE = 4_096;
const RESUME_SECONDS = 1;

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { RESUME_SECONDS: String(RESUME_SECONDS) } });
});

afterAll(async () => {
  await server.close();
});

/** From now on a write beyond this fails, as on a full disk. */
function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`]);
}

it('A full disk keeps nobody from talking, coming and going; what must be kept is refused until there is room again', async () => {
  const ana = await SignalledParticipant.join(server.url, 'full-disk', 'Ana');
  const bruno = await SignalledParticipant.join(server.url, 'full-disk', 'Bruno');
  const { microphone, publicationId } = await ana.microphone();
  microphone.speak();
  const isHeard = async (): Promise<void> => {
    const before = bruno.packetsOf(publicationId);
    await until(
      'Ana to be heard',
      () => bruno.packetsOf(publicationId),
      (packets) => packets > before + 10,
    );
  };
  await isHeard();

  limitFiles(PAGE);
  // Each of these is kept, or not done: a message for late comers, a setting of the room, a room.
  expect(await ana.signal.refusal('chat', { text: 'Is anybody there?', to: 'everyone' })).toMatchObject({
    code: 'internal',
  });
  expect(await ana.signal.refusal('changeRoom', { settings: { locked: true } })).toMatchObject({
    code: 'internal',
  });
  const stranger = await SignalClient.connect(server.url);
  expect(await stranger.refusal('join', { version: 1, room: 'another', name: 'Dario' })).toMatchObject({
    code: 'internal',
  });
  // One who comes, one who leaves, one who drops out.
  const carla = await SignalClient.connect(server.url);
  const { chat, room, participantId: carlas } = await carla.join('full-disk', 'Carla');
  expect({ chat, locked: room.settings.locked }).toEqual({ chat: [], locked: false });
  const elena = await SignalClient.connect(server.url);
  await elena.join('full-disk', 'Elena');
  await elena.ask('leave', {});
  carla.cut();
  await ana.signal.told('participantLeft', ({ participantId }) => participantId === carlas);
  await isHeard();
  expect(server.log).toContain('something could not be kept');

  limitFiles('unlimited');
  await ana.signal.ask('chat', { text: 'There we are.', to: 'everyone' });
  const late = await SignalClient.connect(server.url);
  const answer = await late.join('full-disk', 'Fabio');
  expect(answer.chat.map(({ text }) => text)).toEqual(['There we are.']);
  for (const client of [stranger, elena, late]) client.close();
  ana.vanish();
  bruno.vanish();
});
