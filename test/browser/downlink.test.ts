/** A downlink that does not carry everything: what is given up first, and that it comes back. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { makeVoice, personas } from '../helpers/fake-devices.ts';
import { Network, RTC_LISTEN } from '../helpers/network.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { sleep, until } from '../helpers/wait.ts';

const [ana, bruno] = personas;
/** The highest layer of the browser's own picture, in pixels: it moves, and needs far more than faces that are drawn. */
const FULL_WIDTH = 1280;
/** Carries a voice and the lowest layer, in bit/s. */
const THIN = 250_000;
/** Carries a voice, and no picture beside it, in bit/s. */
const VOICE_ALONE = 70_000;
/** Until a picture that does not come any more is given up. In ms. */
const STARVED_MS = 10_000;
/** Bandwidth is estimated over some seconds, downwards, and now and then over half a minute, upwards. In ms. */
const ADAPT_MS = 120_000;

let server: ServerProcess;
let network: Network;
let browsers: Browser[];
let viewer: RoomPage;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { RTC_LISTEN } });
  network = await Network.open(server.port, server.rtcPorts);
  browsers = await Promise.all([
    launchChromium({ args: [`--use-file-for-fake-audio-capture=${await makeVoice(ana)}`] }),
    launchChromium({ persona: bruno }),
  ]);
  const visit = { serverUrl: server.url, room: 'downlink' };
  await RoomPage.join(browsers[0]!, { ...visit, name: ana.name, listen: false });
  // Without a picture of his own: two that are encoded leave a machine so little that Ana's browser holds its uplink for thin.
  const camera = false;
  viewer = await RoomPage.join(browsers[1]!, { ...visit, serverUrl: network.url, name: bruno.name, camera });
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  network.close();
  await server.close();
});

/** Waits until Ana's picture comes that wide. @returns how long it took, in ms */
async function seesWidth(isGood: (width: number) => boolean): Promise<number> {
  const { tookMs } = await until(
    'the picture is of the size that the downlink carries',
    async () => (await viewer.look()).find(({ self }) => !self)?.width ?? 0,
    isGood,
    { timeoutMs: ADAPT_MS, everyMs: 250 },
  );
  return tookMs;
}

describe('on a thin downlink', () => {
  it(
    'a picture becomes small, voices stay, and it is large again once there is room',
    async () => {
      await seesWidth((width) => width === FULL_WIDTH);
      network.narrow(THIN);
      const narrowedAt = Date.now();
      const fellMs = await seesWidth((width) => width > 0 && width < FULL_WIDTH);
      await viewer.seesMotion(ADAPT_MS);
      await viewer.hears([ana.tone]);
      const silenceMs = await viewer.longestSilence(ana.tone, narrowedAt);
      console.log(`The longest silence was ${silenceMs} ms.`);
      expect(silenceMs).toBeLessThan(3_000);
      network.mend();
      const roseMs = await seesWidth((width) => width === FULL_WIDTH);
      console.log(
        `A lower layer came after ${fellMs.toFixed(0)} ms, the high one back after ${roseMs.toFixed(0)} ms.`,
      );
    },
    3 * ADAPT_MS,
  );

  it(
    'a picture that was not carried at all comes again once there is room',
    async () => {
      network.narrow(VOICE_ALONE);
      await sleep(STARVED_MS);
      network.mend();
      await seesWidth((width) => width === FULL_WIDTH);
      await viewer.hears([ana.tone]);
    },
    2 * ADAPT_MS,
  );
});
