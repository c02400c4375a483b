/** A room that has outgrown a worker: what crosses from one to the other, and what is left of it after. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { until } from '../helpers/wait.ts';

const [ana, bruno] = personas;

let server: ServerProcess;
let browsers: Browser[];

beforeAll(async () => {
  server = await ServerProcess.start({ env: { MAX_PARTICIPANTS_PER_ROUTER: '1' } });
  browsers = await Promise.all([ana, bruno].map((persona) => launchChromium({ persona })));
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.close();
});

const figure = async (name: string) => (await server.metric(name)).get('');

describe('a room on two workers', () => {
  it('carries voices and faces across, and pipes nothing any more when nobody wants it', async () => {
    const join = { serverUrl: server.url, room: 'cascade' };
    const anasPage = await RoomPage.join(browsers[0]!, { ...join, name: ana.name });
    const brunosPage = await RoomPage.join(browsers[1]!, { ...join, name: bruno.name });
    expect(await figure('tertulia_routers')).toBe(2);

    await anasPage.hears([bruno.tone]);
    await brunosPage.hears([ana.tone]);
    await anasPage.sees([bruno.code]);
    await brunosPage.sees([ana.code]);
    // A microphone and a camera each way.
    expect(await figure('tertulia_pipes')).toBe(4);

    await brunosPage.press('Leave');
    await until(
      'nothing is piped, and one is there',
      () => Promise.all([figure('tertulia_pipes'), figure('tertulia_participants')]),
      ([pipes, participants]) => pipes === 0 && participants === 1,
    );
    expect(anasPage.problems).toEqual([]);
  });
});
