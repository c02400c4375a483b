/** Networks that people sit in: one that lets no UDP through, and a thin one that loses much. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { Network, RTC_LISTEN } from '../helpers/network.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { sleep } from '../helpers/wait.ts';

const [ana, bruno] = personas;
const LOSS = 0.2;
/** In bit/s. */
const DOWNLINK = 1_000_000;
const LISTEN_MS = 10_000;
/** Words may have holes, but no sentence is lost: in ms. */
const LONGEST_HOLE_MS = 1_000;

let server: ServerProcess;
let network: Network;
let browsers: Browser[];

beforeAll(async () => {
  server = await ServerProcess.start({ env: { RTC_LISTEN } });
  network = await Network.open(server.port, server.rtcPorts);
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
});

afterEach(() => network.mend());

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  network.close();
  await server.close();
});

/** Ana beside the server, Bruno behind the network. */
async function meet(room: string): Promise<RoomPage[]> {
  return Promise.all([
    RoomPage.join(browsers[0]!, { serverUrl: server.url, room, name: ana.name }),
    RoomPage.join(browsers[1]!, { serverUrl: network.url, room, name: bruno.name }),
  ]);
}

describe('Where the network', () => {
  it('lets no UDP through, media goes over TCP, both ways', async () => {
    network.blockUdp();
    const [near, behind] = await meet('no-udp');
    await Promise.all([near!.hears([bruno.tone]), behind!.hears([ana.tone])]);
    await Promise.all([near!.sees([bruno.code]), behind!.sees([ana.code])]);
    await behind!.more('Connection figures');
    await behind!.page.getByTestId('stats-panel').getByText('TCP').waitFor();
    await Promise.all([near!.close(), behind!.close()]);
  });

  it(`loses ${LOSS * 100} % and carries 1 Mbit/s, voices are understood and pictures move, both ways`, async () => {
    const [near, behind] = await meet('lossy');
    await Promise.all([near!.hears([bruno.tone]), behind!.hears([ana.tone])]);
    network.narrow(DOWNLINK);
    network.lose(LOSS);
    const from = Date.now();
    await sleep(LISTEN_MS);
    const holes = await Promise.all([
      near!.longestSilence(bruno.tone, from),
      behind!.longestSilence(ana.tone, from),
    ]);
    console.log(`Longest silences at ${LOSS * 100} % loss: ${holes.join(' and ')} ms.`);
    expect(Math.max(...holes)).toBeLessThan(LONGEST_HOLE_MS);
    await Promise.all([near!.seesMotion(), behind!.seesMotion()]);
    expect([near!.problems, behind!.problems]).toEqual([[], []]);
    await Promise.all([near!.close(), behind!.close()]);
  });
});
