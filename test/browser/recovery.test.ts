/** What is lost comes back by itself: a socket, a network, a worker, a server. Nobody touches the browsers. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { Network, RTC_LISTEN } from '../helpers/network.ts';
import { isRunning } from '../helpers/process-tree.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { closeLibrary } from '../helpers/rtc-end.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import { SignalledParticipant } from '../helpers/signalled-participant.ts';
import { sleep, until } from '../helpers/wait.ts';

const [ana, bruno] = personas;
const CUT_MS = 10_000;
/** Media is back within this after a worker's death, in ms. */
const WORKER_RECOVERY_MS = 3_000;
/** Packets that a busy machine may lose; the death of its worker costs a voice more than a hundred. */
const LOST_ANYWAY = 5;

let server: ServerProcess;
let network: Network;
let browsers: Browser[];
let anasPage: RoomPage;
let brunosPage: RoomPage;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { RTC_LISTEN } });
  network = await Network.open(server.port, server.rtcPorts);
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
  const join = { serverUrl: network.url, room: 'recovery' };
  anasPage = await RoomPage.join(browsers[0]!, { ...join, name: ana.name });
  // Past the network that is cut, to see what others see.
  brunosPage = await RoomPage.join(browsers[1]!, { ...join, serverUrl: server.url, name: bruno.name });
  await bothMeet();
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  network.close();
  closeLibrary();
  await server.close();
});

/** Waits until each hears and sees the other. */
async function bothMeet(): Promise<void> {
  await Promise.all([anasPage.hears([bruno.tone], 30_000), brunosPage.hears([ana.tone], 30_000)]);
  await Promise.all([anasPage.sees([bruno.code], 30_000), brunosPage.sees([ana.code], 30_000)]);
  await Promise.all([anasPage.seesMotion(), brunosPage.seesMotion()]);
}

/** Waits until each hears the other again. @returns when both did, in ms after `at` */
async function bothHearAgain(at: number, timeoutMs: number): Promise<number> {
  const times = await Promise.all([
    anasPage.hearsAgain(bruno.tone, at, timeoutMs),
    brunosPage.hearsAgain(ana.tone, at, timeoutMs),
  ]);
  return Math.max(...times);
}

/** Who is in the room, as Bruno's page knows them. */
async function idsInRoom(): Promise<string[]> {
  return (await brunosPage.look()).map(({ participantId }) => participantId).sort();
}

describe('a participant', () => {
  it(`whose socket is cut for ${CUT_MS} ms is heard all the while, and comes back as the same one`, async () => {
    const before = await idsInRoom();
    const cutAt = Date.now();
    network.cutWeb();
    await anasPage.phase('reconnecting');
    await brunosPage.tile(ana.name).getByText('Reconnecting…').waitFor();
    await sleep(CUT_MS - (Date.now() - cutAt));
    expect(await brunosPage.longestSilence(ana.tone, cutAt)).toBeLessThan(1_000);
    network.mend();
    const mendedAt = Date.now();
    await anasPage.phase('joined');
    console.log(
      `After a socket cut for ${CUT_MS} ms, the room was back ${Date.now() - mendedAt} ms after the mend.`,
    );
    await bothMeet();
    expect(await idsInRoom()).toEqual(before);
  });

  it(`whose network is cut for ${CUT_MS} ms gets all media back`, async () => {
    const before = await idsInRoom();
    const cutAt = Date.now();
    network.cutWeb();
    network.cutMedia();
    await sleep(CUT_MS);
    network.mend();
    const tookMs = (await bothHearAgain(cutAt, 60_000)) - CUT_MS;
    console.log(`After a network cut for ${CUT_MS} ms, voices were back ${tookMs} ms after the mend.`);
    await bothMeet();
    expect(await idsInRoom()).toEqual(before);
  }, 90_000);
});

describe('somebody whose socket is cut while a host ends the room', () => {
  it('is told so, and does not open it anew', async () => {
    const hana = await SignalClient.connect(server.url);
    await hana.join('lesson', 'Hana');
    const to = { serverUrl: network.url, room: 'lesson', name: 'Carla', camera: false };
    const carlasPage = await RoomPage.join(browsers[0]!, to);
    network.cutWeb();
    await carlasPage.phase('reconnecting');
    await hana.ask('endRoom', {});
    network.mend();
    await carlasPage.page.getByRole('heading', { name: 'Hana ended the room' }).waitFor();
    await carlasPage.close();
    await anasPage.phase('joined');
  });
});

describe('a worker that is killed', () => {
  it('is replaced, its room recovers, and a room on another worker notices nothing', async () => {
    const others = await Promise.all(
      ['Carla', 'Diego'].map((name) => SignalledParticipant.join(server.url, 'elsewhere', name)),
    );
    const [carla, diego] = others as [SignalledParticipant, SignalledParticipant];
    const { microphone, publicationId } = await carla.microphone();
    microphone.speak();
    await until(
      'Diego hears Carla',
      () => diego.heardIn(100),
      (heard) => heard.includes(publicationId),
    );
    const missing = (): number => microphone.sent - diego.packetsOf(publicationId);
    const missingBefore = missing();
    const otherPort = carla.answer.transports.send.iceCandidates[0]!.port;
    const victim = server.workers()[server.rtcPorts.findIndex((port) => port !== otherPort)]!;

    const killedAt = Date.now();
    process.kill(victim, 'SIGKILL');
    const tookMs = await bothHearAgain(killedAt, 20_000);
    console.log(`After a worker was killed, voices were back after ${tookMs} ms.`);
    expect(tookMs).toBeLessThan(WORKER_RECOVERY_MS);
    await bothMeet();

    microphone.hush();
    await until('Diego has heard all of it', missing, (now) => now <= missingBefore + LOST_ANYWAY);
    expect(diego.signal.events.filter(({ type }) => type === 'mediaReset')).toEqual([]);
    expect(server.workers()).toHaveLength(2);
    for (const participant of others) await participant.leave();
  });

  it('does not turn off a camera that is turned on in that moment', async () => {
    await anasPage.press('Turn camera off');
    await brunosPage.sees([]);
    const workers = server.workers();
    const { request } = await anasPage.watchFor('publish');
    for (const worker of workers) process.kill(worker, 'SIGSTOP');
    await anasPage.press('Turn camera on');
    await request;
    for (const worker of workers) process.kill(worker, 'SIGKILL');
    await bothMeet();
  });
});

describe('a server', () => {
  it('that is stopped leaves nothing behind, and once it runs again its rooms go on', async () => {
    const workers = server.workers();
    const stoppedAt = Date.now();
    expect(await server.stop()).toBe(0);
    expect(workers.filter(isRunning)).toEqual([]);
    await Promise.all([anasPage.phase('reconnecting'), brunosPage.phase('reconnecting')]);
    await server.run();
    const runsAt = Date.now() - stoppedAt;
    const tookMs = await bothHearAgain(stoppedAt, 40_000);
    console.log(`After a restart that took ${runsAt} ms, voices were back ${tookMs - runsAt} ms later.`);
    await bothMeet();
  }, 90_000);

  it('that is killed and started again has its rooms back as well', async () => {
    const killedAt = Date.now();
    await server.kill();
    await server.run();
    const runsAt = Date.now() - killedAt;
    const tookMs = await bothHearAgain(killedAt, 40_000);
    console.log(
      `After a kill and a start that took ${runsAt} ms, voices were back ${tookMs - runsAt} ms later.`,
    );
    await bothMeet();
    expect(await idsInRoom()).toHaveLength(2);
  }, 90_000);
});
