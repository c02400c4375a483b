/** What hosts do to others in a room, as those see and hear it. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';

const [ana, bruno, carla] = personas;
/** Somebody whose page went without a word is kept a place for half a minute. In ms. */
const GONE_MS = 45_000;

let server: ServerProcess;
let browsers: Browser[];
/** The host, and two others. */
let anasPage: RoomPage;
let brunosPage: RoomPage;
let carlasPage: RoomPage;

const join = (i: number, { name }: { name: string }) =>
  RoomPage.join(browsers[i]!, { serverUrl: server.url, room: 'hosts', name });

beforeAll(async () => {
  server = await ServerProcess.start();
  browsers = await Promise.all([ana, bruno, carla].map((persona) => launchChromium({ persona })));
  anasPage = await join(0, ana);
  brunosPage = await join(1, bruno);
  carlasPage = await join(2, carla);
  await carlasPage.hears([ana.tone, bruno.tone]);
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.close();
});

const microphoneOf = (page: RoomPage) => page.page.getByTestId('microphone');

describe('a host', () => {
  it('mutes somebody, who is told so, is not heard, and may unmute', async () => {
    await anasPage.doWith('Bruno', 'Mute');
    await brunosPage.isTold('Ana muted you.');
    await carlasPage.hears([ana.tone]);
    await brunosPage.press('Unmute');
    await carlasPage.hears([ana.tone, bruno.tone]);
  });

  it('mutes somebody until allowed, who cannot unmute and is told why', async () => {
    await anasPage.doWith('Bruno', 'Mute until allowed');
    await carlasPage.hears([ana.tone]);
    const button = microphoneOf(brunosPage);
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    await brunosPage.page.keyboard.press('m');
    await brunosPage.isTold('A host has muted you. Raise your hand to get the floor.');
    expect(await button.getAttribute('data-on')).toBeNull();
    await carlasPage.hears([ana.tone]);

    await anasPage.doWith('Bruno', 'Allow microphone and camera');
    await anasPage.doWith('Bruno', 'Ask to unmute');
    await brunosPage.isTold('Ana asks you to unmute.');
    await brunosPage.page.getByTestId('notice').getByRole('button', { name: 'Unmute' }).click();
    await carlasPage.hears([ana.tone, bruno.tone]);
  });

  it('asks somebody, who reads it in another language from the moment in which they choose that', async () => {
    await brunosPage.press('Mute');
    await anasPage.doWith('Bruno', 'Ask to unmute');
    await brunosPage.isTold('Ana asks you to unmute.');
    await brunosPage.more('Settings');
    const languages = brunosPage.page.getByRole('dialog').getByLabel('Language');
    await languages.selectOption('es');
    await brunosPage.isTold('Ana te pide que actives el micrófono.');
    await brunosPage.page.getByRole('dialog').getByLabel('Idioma').selectOption('en');
    await brunosPage.page.keyboard.press('Escape');
    await brunosPage.page.getByTestId('notice').getByRole('button', { name: 'Unmute' }).click();
    await carlasPage.hears([ana.tone, bruno.tone]);
  });

  it('mutes everybody but hosts', async () => {
    await anasPage.doWithAll('Mute everybody');
    await brunosPage.hears([ana.tone]);
    await anasPage.hears([]);
    await brunosPage.press('Unmute');
    await carlasPage.press('Unmute');
    await anasPage.hears([bruno.tone, carla.tone]);
  });

  it('stops a camera, which goes on again only when its owner wishes', async () => {
    await carlasPage.sees([ana.code, bruno.code]);
    await anasPage.doWith('Bruno', 'Stop camera');
    await brunosPage.isTold('Ana stopped your camera.');
    await carlasPage.sees([ana.code]);
    await brunosPage.press('Turn camera on');
    await carlasPage.sees([ana.code, bruno.code]);
  });

  it('reaches each line of a menu that gets more of them while it is open', async () => {
    for (const name of ['Mute', 'Turn camera off']) await carlasPage.press(name);
    await anasPage.openPanel('people');
    const { page } = anasPage;
    const size = page.viewportSize()!;
    // Lower than the menu with all of its lines, so that it goes beside its button.
    await page.setViewportSize({ ...size, height: 560 });
    await page.getByTestId('people-panel').getByRole('button', { name: 'What to do with Carla' }).click();
    await page.getByRole('menuitem', { name: 'Ask to unmute' }).waitFor();
    for (const name of ['Unmute', 'Turn camera on']) await carlasPage.press(name);
    for (const name of ['Mute until allowed', 'Stop camera', 'Put out for good…'])
      await page.getByRole('menuitem', { name, exact: true }).hover();
    await page.keyboard.press('Escape');
    await page.setViewportSize(size);
  });

  it('shows somebody large to everybody', async () => {
    await anasPage.doWith('Bruno', 'Show large to everybody');
    for (const page of [anasPage, brunosPage, carlasPage])
      await page.page.locator('[data-testid=tile][data-featured]').filter({ hasText: 'Bruno' }).waitFor();
    await anasPage.doWith('Bruno', 'No longer show large');
    await carlasPage.page.locator('[data-testid=tile][data-featured]').waitFor({ state: 'detached' });
  });

  it('renames somebody, and makes a co-host, who has less to offer than a host', async () => {
    await anasPage.doWith('Bruno', 'Rename…');
    await anasPage.page.getByLabel('New name').fill('Bruno B.');
    await anasPage.press('Rename');
    await brunosPage.isTold('Ana renamed you to Bruno B..');
    await carlasPage.tile('Bruno B.').waitFor();

    await anasPage.doWith('Bruno B.', 'Make co-host');
    await brunosPage.isTold('Ana made you co-host.');
    await brunosPage.openPanel('people');
    const { page } = brunosPage;
    await page.getByRole('button', { name: 'What to do with Carla' }).click();
    await page.getByRole('menuitem', { name: 'Take out of the room…' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Make host' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    // It may have closed the panel, where the list was made anew for the new role and the menu was closed by that.
    await brunosPage.openPanel('people');
    // What the server would refuse is not offered.
    await page.getByRole('button', { name: 'What to do with Ana' }).click();
    await page.getByRole('menuitem', { name: 'Write a private message' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Mute' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await anasPage.doWith('Bruno B.', 'Make participant');
    await brunosPage.isTold('Ana made you a participant.');
  });

  it('is host again after a reload, beside whoever was here longest and followed meanwhile', async () => {
    await anasPage.page.reload();
    await brunosPage.openPanel('people');
    const followed = brunosPage.page.getByTestId('person').filter({ hasText: 'Bruno B. (you)' });
    await expect.poll(() => followed.getAttribute('data-role'), { timeout: GONE_MS }).toBe('host');
    await anasPage.enter();
    await anasPage.listen();
    await anasPage.openPanel('people');
    const own = anasPage.page.getByTestId('person').filter({ hasText: 'Ana (you)' });
    await expect.poll(() => own.getAttribute('data-role')).toBe('host');
    const brunos = anasPage.page.getByTestId('person').filter({ hasText: 'Bruno B.' });
    expect(await brunos.getAttribute('data-role')).toBe('host');
    await anasPage.doWith('Bruno B.', 'Make participant');
    await expect.poll(() => brunos.getAttribute('data-role')).toBe('participant');
    await anasPage.hears([bruno.tone, carla.tone]);
  });
});

describe('the chat', () => {
  const write = async (page: RoomPage, text: string, to?: string) => {
    await page.openPanel('chat');
    if (to !== undefined) await page.page.getByTestId('chat-to').selectOption({ label: to });
    await page.page.getByTestId('chat-field').fill(text);
    await page.page.keyboard.press('Enter');
    await page.page.getByTestId('chat-message').filter({ hasText: text }).waitFor();
  };
  const message = (page: RoomPage, text: string) =>
    page.page.getByTestId('chat-message').filter({ hasText: text });

  it('to hosts, or to one person, is seen by nobody else', async () => {
    await write(carlasPage, 'Only for hosts.', 'Hosts only');
    await write(carlasPage, 'Only for Bruno.', 'Only Bruno B.');
    await write(carlasPage, 'For everybody.', 'Everybody');
    await anasPage.openPanel('chat');
    await brunosPage.openPanel('chat');
    await message(anasPage, 'For everybody.').waitFor();
    await message(brunosPage, 'For everybody.').waitFor();
    await message(anasPage, 'Only for hosts.').getByText('to hosts').waitFor();
    await message(brunosPage, 'Only for Bruno.').getByText('only to you').waitFor();
    expect(await message(brunosPage, 'Only for hosts.').count()).toBe(0);
    expect(await message(anasPage, 'Only for Bruno.').count()).toBe(0);
  });

  it('has answers, which go to those who read the question, and reactions', async () => {
    await message(anasPage, 'Only for hosts.').hover();
    await message(anasPage, 'Only for hosts.').getByTestId('chat-reply').click();
    await write(anasPage, 'I see.');
    expect(await anasPage.page.getByTestId('chat-to').inputValue()).toBe('hosts');
    await message(anasPage, 'I see.').getByText('Carla: Only for hosts.').waitFor();

    await message(brunosPage, 'For everybody.').hover();
    await message(brunosPage, 'For everybody.').getByTestId('chat-react').click();
    await brunosPage.page.getByRole('menuitem', { name: 'Applause' }).click();
    await message(carlasPage, 'For everybody.')
      .getByRole('button', { name: 'Applause, by Bruno B.' })
      .waitFor();
  });

  it('is taken along by a host as text', async () => {
    await anasPage.openPanel('people');
    await anasPage.press('For everybody');
    const [download] = await Promise.all([
      anasPage.page.waitForEvent('download'),
      anasPage.page.getByRole('menuitem', { name: 'Download chat' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(download.suggestedFilename()).toBe('hosts-chat.txt');
    expect(text).toContain('For everybody.');
    expect(text).not.toContain('Only for Bruno.');
  });
});

describe('somebody', () => {
  it('who is taken out learns by whom, and may come again', async () => {
    await anasPage.doWith('Carla', 'Take out of the room…');
    await anasPage.press('Take out');
    await carlasPage.page.getByRole('heading', { name: 'Ana took you out of the room' }).waitFor();
    await anasPage.hears([bruno.tone]);
    await carlasPage.press('Join again');
    await carlasPage.enter();
    await anasPage.hears([bruno.tone, carla.tone]);
  });

  it('who is put out for good does not come in again', async () => {
    await anasPage.doWith('Carla', 'Put out for good…');
    await anasPage.press('Put out for good');
    await carlasPage.page.getByRole('heading', { name: 'Ana put you out of the room' }).waitFor();
    expect(await carlasPage.page.getByRole('button', { name: 'Join again' }).count()).toBe(0);
    await carlasPage.page.reload();
    await carlasPage.press('Join now');
    await carlasPage.page.getByRole('heading', { name: 'You cannot come into this room' }).waitFor();
  });
});

describe('the end', () => {
  it('comes for everybody when a host ends the room, who can take along who was there', async () => {
    await anasPage.press('Leave or end');
    await anasPage.page.getByRole('menuitem', { name: 'End for everybody…' }).click();
    await anasPage.press('End for everybody');
    await brunosPage.page.getByRole('heading', { name: 'Ana ended the room' }).waitFor();
    await anasPage.page.getByTestId('left').waitFor();
    const [download] = await Promise.all([
      anasPage.page.waitForEvent('download'),
      anasPage.press('Download attendance'),
    ]);
    const csv = await readFile(await download.path(), 'utf8');
    for (const name of ['Ana', 'Bruno B.', 'Carla']) expect(csv).toContain(name);
  });

  it('was reached without an error that nobody handles', () => {
    expect([anasPage, brunosPage, carlasPage].flatMap(({ problems }) => problems)).toEqual([]);
  });
});
