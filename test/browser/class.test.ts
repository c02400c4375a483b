/** A class, where the floor is given, also a large one, and a webinar, with its stage. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';

const [ana, bruno, carla] = personas;

let server: ServerProcess;
let browsers: Browser[];

beforeAll(async () => {
  server = await ServerProcess.start();
  browsers = await Promise.all([ana, bruno, carla].map((persona) => launchChromium({ persona })));
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.close();
});

const host = (kind: 'class' | 'webinar') =>
  RoomPage.make(browsers[0]!, { serverUrl: server.url, name: ana.name, kind });
const guest = (i: number, room: string, { name }: { name: string }) =>
  RoomPage.open(browsers[i]!, { serverUrl: server.url, room, name });

describe('a class', () => {
  it('hears its teacher, and who is given the floor, in the order of the hands', async () => {
    const anasPage = await host('class');
    const brunosPage = await guest(1, anasPage.room, bruno);
    const carlasPage = await guest(2, anasPage.room, carla);
    const pupils = [brunosPage, carlasPage];
    await anasPage.openPanel('people');
    for (const page of pupils) {
      await page.knock();
      await anasPage.press(`Let ${page.name} in`);
      await page.phase('joined');
      await page.listen();
    }
    for (const page of pupils) {
      await page.hears([ana.tone]);
      expect(await page.page.getByTestId('microphone').getAttribute('aria-disabled')).toBe('true');
      expect(await page.page.getByTestId('screen').count()).toBe(0);
    }
    await anasPage.hears([]);

    await carlasPage.press('Raise hand');
    await anasPage.page.getByTestId('hands').getByText('Carla').waitFor();
    await brunosPage.press('Raise hand');
    const queue = anasPage.page.getByTestId('hands').getByTestId('person');
    await expect.poll(() => queue.count()).toBe(2);
    expect(await queue.allInnerTexts()).toMatchObject([
      expect.stringMatching(/Carla\n.*since \d/),
      expect.stringMatching(/Bruno\n.*since \d/),
    ]);

    await anasPage.press('Give the floor to the next');
    await carlasPage.isTold('Ana gives you the floor.');
    await carlasPage.page.getByTestId('notice').getByRole('button', { name: 'Unmute' }).click();
    await anasPage.hears([carla.tone]);
    await brunosPage.hears([ana.tone, carla.tone]);
    await expect.poll(() => queue.allInnerTexts()).toMatchObject([expect.stringContaining('Bruno')]);

    await anasPage.doWith('Carla', 'Take the floor back');
    await carlasPage.isTold('Ana took the floor back.');
    await anasPage.hears([]);
    expect(await carlasPage.page.getByTestId('microphone').getAttribute('aria-disabled')).toBe('true');

    await anasPage.doWithAll('Lower all hands');
    await brunosPage.isTold('Ana lowered your hand.');
    await expect.poll(() => queue.count()).toBe(0);
    expect([anasPage, ...pupils].flatMap(({ problems }) => problems)).toEqual([]);
    for (const page of [anasPage, ...pupils]) await page.close();
  });
});

describe('a class of thirty', () => {
  it('comes through the lobby, raises hands, speaks when it has the floor, and is in the list afterwards', async () => {
    const anasPage = await host('class');
    const { room } = anasPage;
    const brunosPage = await guest(1, room, bruno);
    await brunosPage.knock();
    const pupils: SignalClient[] = [];
    const knocks: string[] = [];
    for (let i = 2; i <= 30; i += 1) {
      const pupil = await SignalClient.connect(server.url);
      pupils.push(pupil);
      knocks.push((await pupil.knock(room, `Pupil ${i}`)).knock);
    }
    await anasPage.isTold('30 people are at the door.');
    await anasPage.openPanel('people');
    const waiting = await anasPage.page.getByTestId('knock').allInnerTexts();
    expect(waiting.map((text) => text.split('\n').find((line) => / \d|Bruno/.test(line)))).toEqual([
      'Bruno',
      ...pupils.map((_, i) => `Pupil ${i + 2}`),
    ]);
    await anasPage.press('Let all in');
    await brunosPage.phase('joined');
    await brunosPage.listen();
    await Promise.all(
      pupils.map(async (pupil, i) => {
        await pupil.toldAtDoor('admitted');
        await pupil.join(room, 'Pupil', undefined, { knock: knocks[i]! });
      }),
    );
    await anasPage.page.getByRole('heading', { name: 'People (31)' }).waitFor();

    const [seventh, third] = [pupils[5]!, pupils[1]!];
    for (const pupil of [seventh, third]) await pupil.ask('raiseHand', { raised: true });
    await brunosPage.press('Raise hand');
    const queue = anasPage.page.getByTestId('hands').getByTestId('person');
    await expect.poll(() => queue.count()).toBe(3);
    expect(await queue.allInnerTexts()).toMatchObject(
      ['Pupil 7', 'Pupil 3', 'Bruno'].map((name) => expect.stringContaining(name) as string),
    );
    for (const pupil of [seventh, third]) {
      await anasPage.press('Give the floor to the next');
      await pupil.told('moderated', ({ moderation }) => moderation.action === 'given-floor');
    }
    await anasPage.press('Give the floor to the next');
    await brunosPage.isTold('Ana gives you the floor.');
    await brunosPage.page.getByTestId('notice').getByRole('button', { name: 'Unmute' }).click();
    await anasPage.hears([bruno.tone]);

    await anasPage.press('For everybody');
    const [download] = await Promise.all([
      anasPage.page.waitForEvent('download'),
      anasPage.page.getByRole('menuitem', { name: 'Download attendance' }).click(),
    ]);
    const rows = (await readFile(await download.path(), 'utf8')).trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(31);
    expect(rows.filter((row) => row.endsWith(',1')).map((row) => row.split(',')[0])).toEqual(
      expect.arrayContaining(['Pupil 7', 'Pupil 3', 'Bruno']),
    );
    for (const pupil of pupils) pupil.close();
    expect([anasPage, brunosPage].flatMap(({ problems }) => problems)).toEqual([]);
    for (const page of [anasPage, brunosPage]) await page.close();
  });
});

describe('a webinar', () => {
  it('has viewers, who are heard and seen once they come onto the stage, and not after it', async () => {
    const anasPage = await host('webinar');
    const brunosPage = await guest(1, anasPage.room, bruno);
    await brunosPage.hasOpen(['audio', 'video']);
    await brunosPage.enter();
    await brunosPage.listen();
    await brunosPage.hears([ana.tone]);
    await brunosPage.hasOpen([]);
    await brunosPage.sees([ana.code]);
    await anasPage.hears([]);
    expect(await brunosPage.page.getByTestId('camera').count()).toBe(0);

    await anasPage.doWith('Bruno', 'Invite to the stage');
    await brunosPage.page.getByText('Ana invites you.').waitFor();
    await brunosPage.press('Keep watching');
    await anasPage.isTold('Bruno prefers to keep watching.');
    expect(await brunosPage.page.getByTestId('camera').count()).toBe(0);

    await anasPage.doWith('Bruno', 'Invite to the stage');
    await brunosPage.press('Go onto the stage');
    await brunosPage.press('Unmute');
    await brunosPage.press('Turn camera on');
    await anasPage.hears([bruno.tone]);
    await anasPage.sees([bruno.code]);
    await brunosPage.hasOpen(['audio', 'video']);

    await anasPage.doWith('Bruno', 'Back to watching');
    await brunosPage.isTold('Ana thanks you: you are watching again.');
    await anasPage.hears([]);
    await anasPage.sees([]);
    await brunosPage.hasOpen([]);
    expect([anasPage, brunosPage].flatMap(({ problems }) => problems)).toEqual([]);
    for (const page of [anasPage, brunosPage]) await page.close();
  });
});
