/** The door of a room: who waits, who is let in, who is not, and what each is told. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { Network, RTC_LISTEN } from '../helpers/network.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';

const [ana, bruno] = personas;

let server: ServerProcess;
let network: Network;
let browsers: Browser[];
const problems: string[] = [];

beforeAll(async () => {
  server = await ServerProcess.start({ env: { RTC_LISTEN } });
  network = await Network.open(server.port, server.rtcPorts);
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  network.close();
  await server.close();
});

async function close(...pages: RoomPage[]): Promise<void> {
  for (const page of pages) {
    problems.push(...page.problems);
    await page.close();
  }
}

const host = (kind: 'meeting' | 'class' | 'webinar') =>
  RoomPage.make(browsers[0]!, { serverUrl: server.url, name: ana.name, kind });
const guest = (room: string, name: string = bruno.name, serverUrl = server.url) =>
  RoomPage.open(browsers[1]!, { serverUrl, room, name });

describe('a lobby', () => {
  it('lets in whom a host lets in, who is read and written to before, and heard afterwards', async () => {
    const anasPage = await host('class');
    const brunosPage = await guest(anasPage.room);
    await brunosPage.knock();
    await brunosPage.page.getByRole('heading', { name: 'You will be let in soon' }).waitFor();
    await anasPage.isTold('Bruno is at the door.');

    await anasPage.openPanel('people');
    await anasPage.press('Write to Bruno');
    await anasPage.page.getByLabel('Message to Bruno').fill('Two minutes, <b>please</b>.');
    await anasPage.page.keyboard.press('Enter');
    await brunosPage.page.getByText('Two minutes, <b>please</b>.').waitFor();

    await anasPage.press('Let Bruno in');
    await brunosPage.phase('joined');
    await brunosPage.listen();
    await brunosPage.hears([ana.tone]);
    expect(await anasPage.page.getByTestId('knock').count()).toBe(0);
    await close(anasPage, brunosPage);
  });

  it('turns away whom a host turns away', async () => {
    const anasPage = await host('class');
    const brunosPage = await guest(anasPage.room);
    await brunosPage.knock();
    await anasPage.press('Turn away');
    await brunosPage.page.getByRole('heading', { name: 'You were not let in' }).waitFor();
    const knockAgain = brunosPage.page.getByRole('button', { name: /^Knock again in \d+ seconds$/ });
    await knockAgain.waitFor();
    expect(await knockAgain.isDisabled()).toBe(true);
    // A fresh page knows no more than the server, which has not forgotten.
    await brunosPage.page.reload();
    await brunosPage.press('Join now');
    await knockAgain.waitFor();
    expect(await anasPage.page.getByTestId('knock').count()).toBe(0);
    await close(anasPage, brunosPage);
  });

  it('keeps the order of coming and lets in all at once', async () => {
    const anasPage = await host('class');
    const pages: RoomPage[] = [];
    for (const name of ['Bruno', 'Carla', 'Diego']) {
      const page = await guest(anasPage.room, name);
      await page.knock();
      pages.push(page);
    }
    await anasPage.isTold('3 people are at the door.');
    await anasPage.press('See who');
    await anasPage.press('Write to all who wait');
    await anasPage.page.getByLabel('Message to all who wait').fill('We begin in a moment.');
    await anasPage.page.keyboard.press('Enter');
    for (const { page } of pages) await page.getByText('We begin in a moment.').waitFor();
    expect(await anasPage.page.getByTestId('knock').allInnerTexts()).toMatchObject([
      expect.stringContaining('Bruno'),
      expect.stringContaining('Carla'),
      expect.stringContaining('Diego'),
    ]);
    await anasPage.press('Let all in');
    for (const page of pages) await page.phase('joined');
    await close(anasPage, ...pages);
  });

  it('keeps the place of somebody whose socket drops', async () => {
    const anasPage = await host('class');
    const brunosPage = await guest(anasPage.room, bruno.name, network.url);
    await brunosPage.knock();
    await anasPage.openPanel('people');
    const since = () => anasPage.page.getByTestId('knock').innerText();
    const before = await since();
    network.cutWeb();
    await brunosPage.page.getByText('You keep your place; reconnecting…').waitFor();
    network.mend();
    await brunosPage.page.getByText('The hosts can see that you are here, Bruno.').waitFor();
    expect(await since()).toBe(before);
    await anasPage.press('Let Bruno in');
    await brunosPage.phase('joined');
    await close(anasPage, brunosPage);
  });
});

describe('a room', () => {
  it('asks newcomers for its password, and takes no other', async () => {
    const anasPage = await host('meeting');
    await anasPage.more('Room settings');
    await anasPage.page.getByLabel('Password', { exact: true }).fill('olla podrida');
    await anasPage.press('Set Password');
    await anasPage.page.getByText('Newcomers are asked for it.').waitFor();

    const brunosPage = await guest(anasPage.room);
    await brunosPage.press('Join now');
    const field = brunosPage.page.getByLabel('Password');
    await field.fill('gazpacho');
    await brunosPage.press('Go in');
    await brunosPage.page.getByText('That is not the password.').waitFor();
    await field.fill('olla podrida');
    await brunosPage.press('Go in');
    await brunosPage.phase('joined');
    await close(anasPage, brunosPage);
  });

  it('lets nobody in while it is locked, and tells why', async () => {
    const anasPage = await host('meeting');
    await anasPage.more('Room settings');
    await anasPage.page.getByRole('switch', { name: 'Locked' }).check();
    await anasPage.page.keyboard.press('Escape');
    await anasPage.page.getByRole('img', { name: 'Locked' }).waitFor();

    const brunosPage = await guest(anasPage.room);
    await brunosPage.press('Join now');
    await brunosPage.page.getByRole('heading', { name: 'This room is locked' }).waitFor();

    await anasPage.more('Room settings');
    await anasPage.page.getByRole('switch', { name: 'Locked' }).uncheck();
    await brunosPage.press('Try again');
    await brunosPage.phase('joined');
    await close(anasPage, brunosPage);
  });

  it('of a webinar begins with its host, who is known again after having left', async () => {
    const anasPage = await host('webinar');
    const { room } = anasPage;
    const brunosPage = await guest(room);
    await brunosPage.enter();
    await anasPage.press('Leave or end');
    await anasPage.page.getByRole('menuitem', { name: 'Leave the room' }).click();
    await anasPage.page.getByRole('heading', { name: 'You left the room' }).waitFor();

    const carlasPage = await guest(room, 'Carla');
    await carlasPage.knock();
    await carlasPage.page.getByRole('heading', { name: 'Waiting for a host' }).waitFor();

    await anasPage.press('Join again');
    await anasPage.enter();
    await carlasPage.phase('joined');
    await anasPage.openPanel('people');
    await anasPage.page.getByTestId('person').filter({ hasText: 'Ana (you)' }).getByText('Host').waitFor();
    await close(anasPage, brunosPage, carlasPage);
  });
});

describe('nobody', () => {
  it('met an error that nobody handles', () => {
    expect(problems).toEqual([]);
  });
});
