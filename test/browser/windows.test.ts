/** The room on the whole screen, and pictures in windows of their own. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { Network } from '../helpers/network.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { Tab } from '../helpers/tab.ts';
import { sleep, until } from '../helpers/wait.ts';

const [ana] = personas;

let server: ServerProcess;
/** Ana is behind it, by her socket alone: media goes past it. */
let network: Network;
let browser: Browser;
let sender: RoomPage;

beforeAll(async () => {
  server = await ServerProcess.start();
  network = await Network.open(server.port, []);
  browser = await launchChromium({ persona: ana });
  sender = await RoomPage.join(browser, { serverUrl: network.url, room: 'windows', name: ana.name });
});
afterAll(async () => {
  await browser.close();
  network.close();
  await server.close();
});

describe('the whole screen', () => {
  let page: RoomPage;

  beforeAll(async () => {
    page = await RoomPage.join(browser, { serverUrl: server.url, room: 'windows', name: 'Bruno' });
  });
  afterAll(() => page.close());

  /** The test id, or else the name, of what is in full screen. */
  const inFull = () =>
    page.inPage(() => {
      const element = document.fullscreenElement;
      return element && (element.getAttribute('data-testid') ?? element.localName);
    }, null);

  it('is taken by the room, and given back, by menu and by key', async () => {
    await page.more('Full screen');
    await expect.poll(inFull).toBe('html');
    await page.more('Leave full screen');
    await expect.poll(inFull).toBe(null);
    await page.page.keyboard.press('f');
    await expect.poll(inFull).toBe('html');
    await page.page.keyboard.press('f');
    await expect.poll(inFull).toBe(null);
  });

  it('is taken by the picture in front alone, which goes on', async () => {
    await page.tile(ana.name).hover();
    await page.press(`Pin ${ana.name}`);
    await page.press('Show in full screen');
    await expect.poll(inFull).toBe('tile');
    await page.sees([ana.code]);
    await page.seesMotion();
    await page.press('Show in full screen');
    await expect.poll(inFull).toBe(null);
  });
});

describe('a picture in a window of its own', () => {
  let tab: Tab;

  beforeAll(async () => {
    tab = await Tab.launchChromium();
    await tab.join({ serverUrl: server.url, room: 'windows', name: 'Carla' });
    await tab.sees([ana.code]);
  });
  afterAll(() => tab.close());

  const isOut = () => tab.inPage(() => document.pictureInPictureElement !== null, null);
  const videoBytes = async () => (await tab.receivedIn(500)).videoBytes;

  /** Takes the picture out, and the tab out of sight. */
  async function goesOnInHiddenTab(): Promise<void> {
    await tab.press('Picture-in-picture');
    await expect.poll(isOut).toBe(true);
    await tab.hide();
    // Long enough for a picture that nobody sees to be stopped.
    await sleep(3_000);
    await until('video goes on', videoBytes, (bytes) => bytes > 0);
  }

  it('goes on being received while its tab is hidden, and no longer when it is put back', async () => {
    await goesOnInHiddenTab();
    await tab.inPage(() => document.exitPictureInPicture(), null);
    await until('video stops', videoBytes, (bytes) => bytes === 0);
    await tab.show();
    await tab.sees([ana.code]);
  });

  it('goes on there also when whoever is in it was away before', async () => {
    network.cutWeb();
    await tab.sees([]);
    network.mend();
    await tab.sees([ana.code]);
    await goesOnInHiddenTab();
    await tab.inPage(() => document.exitPictureInPicture(), null);
    await tab.show();
  });

  it('is put back by the same button', async () => {
    await tab.press('Picture-in-picture');
    await expect.poll(isOut).toBe(true);
    await tab.press('Picture-in-picture');
    await expect.poll(isOut).toBe(false);
    expect(sender.problems).toEqual([]);
    expect(tab.problems).toEqual([]);
  });
});
