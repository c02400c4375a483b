/** A new version takes over while people talk: they go on where they are, and come back at the new one at the end. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { Network } from '../helpers/network.ts';
import { RoomPage } from '../helpers/room-page.ts';
import type { ServerProcess } from '../helpers/server-process.ts';
import { Upgrades } from '../helpers/upgrades.ts';

const [ana, bruno, carla] = personas;

const upgrades = new Upgrades();
let old: ServerProcess;
let network: Network;
let browsers: Browser[];
let anasPage: RoomPage;
let brunosPage: RoomPage;

beforeAll(async () => {
  old = await upgrades.first();
  // Of the web alone: media goes past it.
  network = await Network.open(old.port, []);
  browsers = await Promise.all([ana, bruno, carla].map((persona) => launchChromium({ persona })));
  const join = { serverUrl: network.url, room: 'upgrade' };
  anasPage = await RoomPage.join(browsers[0]!, { ...join, name: ana.name });
  brunosPage = await RoomPage.join(browsers[1]!, { ...join, serverUrl: old.url, name: bruno.name });
  await Promise.all([anasPage.hears([bruno.tone], 30_000), brunosPage.hears([ana.tone], 30_000)]);
  await Promise.all([anasPage.sees([bruno.code], 30_000), brunosPage.sees([ana.code], 30_000)]);
}, 120_000);

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  network.close();
  await upgrades.close();
});

describe('A new version that takes over', () => {
  it('is not noticed by those who talk, and who comes by it or comes back meets them', async () => {
    const people = async (): Promise<string[]> =>
      (await brunosPage.look()).map(({ participantId }) => participantId).sort();
    const both = await people();
    const before = Date.now();
    const next = await upgrades.next(old);
    await Promise.all([anasPage.seesMotion(), brunosPage.seesMotion()]);
    const gaps = await Promise.all([
      anasPage.longestSilence(bruno.tone, before),
      brunosPage.longestSilence(ana.tone, before),
    ]);
    console.log(`While the new version took over, the longest gap of a voice was ${Math.max(...gaps)} ms.`);
    // A page on a busy machine looks away for longer than that. Where packets are counted, it is seen that none is lost;
    // here, that nobody had to come back, which is as somebody else after a restart.
    await Promise.all([anasPage.hears([bruno.tone]), brunosPage.hears([ana.tone])]);
    await expect.poll(people).toEqual(both);
    expect(await anasPage.page.locator('[data-cause]').count()).toBe(0);

    const carlasPage = await RoomPage.join(browsers[2]!, {
      ...{ serverUrl: next.url, room: 'upgrade', name: carla.name },
    });
    await Promise.all([
      carlasPage.hears([ana.tone, bruno.tone], 30_000),
      carlasPage.sees([ana.code, bruno.code], 30_000),
      anasPage.hears([bruno.tone, carla.tone], 30_000),
      brunosPage.sees([ana.code, carla.code], 30_000),
    ]);

    const here = await people();
    network.cutWeb();
    await anasPage.phase('reconnecting');
    network.mend();
    await anasPage.phase('joined');
    await expect.poll(people).toEqual(here);
    await carlasPage.close();
  }, 180_000);

  it('has the room when the old one ends, and media is back by itself', async () => {
    const endedAt = Date.now();
    expect(await old.stop()).toBe(0);
    const times = await Promise.all([
      anasPage.hearsAgain(bruno.tone, endedAt, 40_000),
      brunosPage.hearsAgain(ana.tone, endedAt, 40_000),
    ]);
    console.log(`After the old one had ended its room, voices were back after ${Math.max(...times)} ms.`);
    await Promise.all([anasPage.sees([bruno.code], 30_000), brunosPage.sees([ana.code], 30_000)]);
  }, 120_000);
});
