/** Processes that stand still for a while, as on a machine that swaps, migrates or is debugged. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../helpers/server-process.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { sleep, until } from '../../helpers/wait.ts';

const STOPPED_MS = 5_000;

let server: ServerProcess;
let ana: SignalledParticipant;
let bruno: SignalledParticipant;
let voice: string;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { WORKERS: '1' } });
  ana = await SignalledParticipant.join(server.url, 'stopped', 'Ana');
  bruno = await SignalledParticipant.join(server.url, 'stopped', 'Bruno');
  const { microphone, publicationId } = await ana.microphone();
  microphone.speak();
  voice = publicationId;
});

afterAll(async () => {
  ana.vanish();
  bruno.vanish();
  await server.close();
});

/** Waits for the voice of somebody. */
async function hears(): Promise<void> {
  const before = bruno.packetsOf(voice);
  await until(
    'a voice',
    () => bruno.packetsOf(voice),
    (packets) => packets > before + 10,
  );
}

async function standStill(pid: number, meanwhile: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await Promise.all([sleep(STOPPED_MS), meanwhile()]);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

describe(`For ${STOPPED_MS} ms`, () => {
  it('a server that stands still keeps no voice from being heard, and loses nobody', async () => {
    await hears();
    await standStill(server.pid, hears);
    await ana.signal.ask('rename', { name: 'Ana, still here' });
    await bruno.signal.told(
      'participantChanged',
      ({ participant }) => participant.name === 'Ana, still here',
    );
    expect([ana.signal.connected, bruno.signal.connected]).toEqual([true, true]);
    await hears();
  });

  it('a media worker that stands still is waited for: voices come again, over the same transports', async () => {
    await hears();
    const [worker] = server.workers();
    await standStill(worker!, async () => {
      await sleep(STOPPED_MS / 2);
      const before = bruno.packetsOf(voice);
      await sleep(500);
      expect(bruno.packetsOf(voice)).toBe(before);
      // The server answers whatever needs no worker.
      await ana.signal.ask('raiseHand', { raised: true });
    });
    await hears();
    expect(server.workers()).toEqual([worker]);
    expect(ana.signal.events.filter(({ type }) => type === 'mediaReset')).toEqual([]);
  });
});
