/** What hosts can do besides, in a meeting that is run by several: one after the other, in one room. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';

const [ana, bruno, carla, diego] = personas;
const TITLE = 'A page to share';
/** Somebody whose page went without a word is kept a place for half a minute. In ms. */
const GONE_MS = 45_000;

let server: ServerProcess;
let browsers: Browser[];
/** The host, and two others. */
let anasPage: RoomPage;
let brunosPage: RoomPage;
let carlasPage: RoomPage;
const problems: string[] = [];

beforeAll(async () => {
  server = await ServerProcess.start();
  browsers = await Promise.all(
    [ana, bruno, carla, diego].map((persona) =>
      // Answers the browser's question which tab to share.
      launchChromium({ persona, args: [`--auto-select-tab-capture-source-by-title=${TITLE}`] }),
    ),
  );
  anasPage = await RoomPage.make(browsers[0]!, { serverUrl: server.url, name: ana.name, kind: 'meeting' });
  brunosPage = await join(1, bruno);
  carlasPage = await join(2, carla);
  await carlasPage.sees([ana.code, bruno.code]);
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.close();
});

const join = (i: number, { name }: { name: string }) =>
  RoomPage.join(browsers[i]!, { serverUrl: server.url, room: anasPage.room, name });
/** Stands in front of the room, in a browser of his own. */
const newcomer = (name: string = diego.name) =>
  RoomPage.open(browsers[3]!, { serverUrl: server.url, room: anasPage.room, name });

async function close(page: RoomPage): Promise<void> {
  problems.push(...page.problems);
  await page.close();
}

/** Closes a newcomer's page, and waits until the room knows: a page may go without a word, and is missed later. */
async function goneAway(page: RoomPage): Promise<void> {
  await close(page);
  await anasPage.tile(page.name).waitFor({ state: 'detached', timeout: GONE_MS });
}

/** Sets one switch of the room. */
async function setSwitch(page: RoomPage, name: string, isOn: boolean): Promise<void> {
  await page.more('Room settings');
  await page.page.getByRole('switch', { name, exact: true }).setChecked(isOn);
  await page.page.keyboard.press('Escape');
}

async function setLargestNumber(page: RoomPage, number: string): Promise<void> {
  await page.more('Room settings');
  await page.page.getByLabel('Largest number of people').fill(number);
  await page.page.keyboard.press('Enter');
  await page.page.keyboard.press('Escape');
}

const isDisabled = (page: RoomPage, testId: string) => () =>
  page.page.getByTestId(testId).getAttribute('aria-disabled');

describe('a host', () => {
  it('says how many may be there at most', async () => {
    await setLargestNumber(anasPage, '3');
    const diegosPage = await newcomer();
    await diegosPage.press('Join now');
    await diegosPage.page.getByRole('heading', { name: 'This room is full' }).waitFor();
    await setLargestNumber(anasPage, '');
    await diegosPage.page.getByTestId('retry').click();
    await diegosPage.phase('joined');
    await goneAway(diegosPage);
  });

  it('lets newcomers in quietly, who unmute when they like', async () => {
    await setSwitch(anasPage, 'Quiet entry', true);
    const diegosPage = await newcomer();
    await diegosPage.enter();
    await diegosPage.page.getByRole('button', { name: 'Unmute', exact: true }).waitFor();
    await anasPage.hears([bruno.tone, carla.tone]);
    await anasPage.sees([bruno.code, carla.code]);
    await diegosPage.press('Unmute');
    await diegosPage.press('Turn camera on');
    await anasPage.hears([bruno.tone, carla.tone, diego.tone]);
    await anasPage.sees([bruno.code, carla.code, diego.code]);
    await setSwitch(anasPage, 'Quiet entry', false);
    await goneAway(diegosPage);
  });

  it('keeps the cameras of the others for hosts, who see them all', async () => {
    await setSwitch(anasPage, 'Cameras for hosts only', true);
    await brunosPage.sees([ana.code]);
    await carlasPage.sees([ana.code]);
    await anasPage.sees([bruno.code, carla.code]);
    await anasPage.doWith('Carla', 'Make co-host');
    await carlasPage.sees([ana.code, bruno.code]);
    await brunosPage.sees([ana.code, carla.code]);
    await anasPage.doWith('Carla', 'Make participant');
    await brunosPage.sees([ana.code]);
    await setSwitch(anasPage, 'Cameras for hosts only', false);
    await brunosPage.sees([ana.code, carla.code]);
  });

  it('stops a camera until it is allowed again', async () => {
    await anasPage.doWith('Bruno', 'Stop camera until allowed');
    await brunosPage.isTold('Ana stopped your camera. It can go on when a host lets you.');
    await carlasPage.sees([ana.code]);
    await expect.poll(isDisabled(brunosPage, 'camera')).toBe('true');
    await brunosPage.page.keyboard.press('v');
    await brunosPage.isTold('A host has stopped your camera.');
    await anasPage.doWith('Bruno', 'Allow microphone and camera');
    await brunosPage.press('Turn camera on');
    await carlasPage.sees([ana.code, bruno.code]);
  });

  it('stops a share, which goes on again only when its owner wishes', async () => {
    const document = await brunosPage.page.context().newPage();
    await document.setContent(`<title>${TITLE}</title><h1>To read</h1>`);
    await brunosPage.page.bringToFront();
    await brunosPage.press('Share screen');
    const screen = carlasPage.page.locator('[data-testid=tile][data-source=screen]');
    await screen.waitFor();
    await anasPage.doWith('Bruno', 'Stop sharing');
    await brunosPage.isTold('Ana stopped your screen.');
    await screen.waitFor({ state: 'detached' });
    await brunosPage.press('Share screen');
    await screen.waitFor();
    await anasPage.doWithAll('Stop all sharing');
    await screen.waitFor({ state: 'detached' });
    await brunosPage.page.getByRole('button', { name: 'Share screen' }).waitFor();
  });

  it('mutes all until allowed, lets all unmute, and asks them to', async () => {
    await anasPage.doWithAll('Mute everybody until allowed');
    await carlasPage.hears([ana.tone]);
    await anasPage.hears([]);
    for (const page of [brunosPage, carlasPage])
      await expect.poll(isDisabled(page, 'microphone')).toBe('true');
    await anasPage.doWithAll('Let everybody unmute');
    await brunosPage.isTold('Ana lets you unmute.');
    await anasPage.doWithAll('Ask everybody to unmute');
    for (const page of [brunosPage, carlasPage]) {
      await page.isTold('Ana asks you to unmute.');
      await page.page.getByTestId('notice').getByRole('button', { name: 'Unmute' }).click();
    }
    await anasPage.hears([bruno.tone, carla.tone]);
  });

  it('stops all cameras, but not those of hosts', async () => {
    await anasPage.doWithAll('Stop all cameras');
    await carlasPage.sees([ana.code]);
    await anasPage.sees([]);
    for (const page of [brunosPage, carlasPage]) await page.press('Turn camera on');
    await anasPage.sees([bruno.code, carla.code]);
    await anasPage.doWithAll('Stop all cameras until allowed');
    await anasPage.sees([]);
    for (const page of [brunosPage, carlasPage]) await expect.poll(isDisabled(page, 'camera')).toBe('true');
    await anasPage.doWithAll('Let everybody start cameras');
    for (const page of [brunosPage, carlasPage]) {
      await page.isTold('Ana lets you start your camera.');
      await page.press('Turn camera on');
    }
    await anasPage.sees([bruno.code, carla.code]);
  });

  it('decides whether newcomers read what was written before', async () => {
    await brunosPage.openPanel('chat');
    await brunosPage.page.getByTestId('chat-field').fill('Written early.');
    await brunosPage.page.keyboard.press('Enter');
    const readBy = async (name: string): Promise<number> => {
      const page = await newcomer(name);
      await page.enter();
      await page.openPanel('chat');
      await page.page.getByTestId('chat-field').waitFor();
      const count = await page.page.getByTestId('chat-message').filter({ hasText: 'Written early.' }).count();
      await goneAway(page);
      return count;
    };
    await anasPage.openPanel('chat');
    await anasPage.page.getByTestId('chat-message').filter({ hasText: 'Written early.' }).waitFor();
    expect(await readBy('Diego')).toBe(1);
    await setSwitch(anasPage, 'History for latecomers', false);
    expect(await readBy('Elena')).toBe(0);
  });

  it('takes along who is and was there', async () => {
    await anasPage.openPanel('people');
    await anasPage.press('For everybody');
    const [download] = await Promise.all([
      anasPage.page.waitForEvent('download'),
      anasPage.page.getByRole('menuitem', { name: 'Download attendance' }).click(),
    ]);
    const [heading, ...rows] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(heading).toBe('name,kind,role,joined,left,minutes,hands');
    const isThere = rows.map((row) => [row.split(',')[0], row.split(',')[4] === ''] as const);
    expect(isThere).toEqual([
      ...(['Ana', 'Bruno', 'Carla'] as const).map((name) => [name, true]),
      ...(['Diego', 'Diego', 'Diego', 'Elena'] as const).map((name) => [name, false]),
    ]);
  });

  it('names another, who can do everything a host can, also to the first', async () => {
    await anasPage.doWith('Bruno', 'Make host');
    await brunosPage.isTold('Ana made you host.');
    await brunosPage.doWith('Ana', 'Make participant');
    await anasPage.isTold('Bruno made you a participant.');
    await anasPage.openPanel('people');
    const { page } = anasPage;
    await page.getByRole('button', { name: 'For everybody' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'What to do with Carla' }).click();
    await page.getByRole('menuitem', { name: 'Write a private message' }).waitFor();
    expect(await page.getByRole('menuitem').count()).toBe(1);
    await page.keyboard.press('Escape');
    await anasPage.press('More');
    await page.getByRole('menuitem', { name: 'Invite' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Room settings' }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('leaves the room, when it was the last, to whoever is there longest', async () => {
    await brunosPage.press('Leave or end');
    await brunosPage.page.getByRole('menuitem', { name: 'Leave the room' }).click();
    await anasPage.openPanel('people');
    await anasPage.page.getByRole('button', { name: 'For everybody' }).waitFor();
    await anasPage.doWith('Carla', 'Mute');
    await carlasPage.isTold('Ana muted you.');
    await anasPage.hears([]);
  });
});

describe('nobody', () => {
  it('met an error that nobody handles', async () => {
    for (const page of [anasPage, brunosPage, carlasPage]) await close(page);
    expect(problems).toEqual([]);
  });
});
