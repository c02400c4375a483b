/** Firefox and Chromium in one room. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { outsideAddress } from '../helpers/outside-address.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { Tab } from '../helpers/tab.ts';
import { until } from '../helpers/wait.ts';

const ana = personas[0];
const whistle = personas[5].tone;

const outside = outsideAddress();
if (!outside) {
  console.warn(
    'Firefox finds no path for media over loopback. Only loopback is here, and adding an address takes root: skipped.',
  );
}

describe.skipIf(!outside)('Firefox in a room with Chromium', () => {
  let server: ServerProcess;
  let browser: Browser;
  let chromium: RoomPage;
  let firefox: Tab;

  beforeAll(async () => {
    server = await ServerProcess.start({ env: { RTC_LISTEN: outside!.address } });
    browser = await launchChromium({ persona: ana });
    const join = { serverUrl: `http://localhost:${server.port}/`, room: 'both' };
    chromium = await RoomPage.join(browser, { ...join, name: ana.name });
    firefox = await Tab.launchFirefox(whistle);
    await firefox.join({ ...join, name: 'Zoe' });
  });

  afterAll(async () => {
    await firefox.close();
    await browser.close();
    await server.close();
    outside!.remove();
  });

  it('hears and sees who is there', async () => {
    await firefox.sees([ana.code]);
    await until(
      'Firefox hears Ana',
      () => firefox.recorded(1_000),
      (tones) => String(tones) === String([ana.tone]),
    );
  });

  it('is heard and seen', async () => {
    await chromium.hears([whistle]);
    await chromium.seesMotion();
    const [picture] = (await chromium.look()).filter(({ self }) => !self);
    expect(picture).toMatchObject({ name: 'Zoe', source: 'camera' });
  });

  it('is told when Chromium leaves', async () => {
    await chromium.press('Leave or end');
    await chromium.page.getByRole('menuitem', { name: 'Leave the room' }).click();
    await until(
      'Firefox is alone',
      () => firefox.look(),
      (pictures) => pictures.every(({ self }) => self),
    );
    expect(firefox.problems).toEqual([]);
  });
});
