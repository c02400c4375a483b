/** What a participant's window shows decides which pictures come, and how large. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { closeLibrary } from '../helpers/rtc-end.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';
import { SignalledParticipant } from '../helpers/signalled-participant.ts';
import { Tab } from '../helpers/tab.ts';
import { until } from '../helpers/wait.ts';

/** Three simulcast layers are made of it: 320, 640 and 1280 pixels wide. */
const CAMERA = { width: 1280, height: 720 };
const [LOW, MIDDLE, HIGH] = [320, 640, 1280];
/** A window in which six tiles are small ones, and one in which three are middling and one in front is large. */
const SMALL = { width: 960, height: 540 };
const LARGE = { width: 1280, height: 720 };
/** Bandwidth is estimated over some seconds, and now and then over half a minute, upwards. In ms. */
const ADAPT_MS = 120_000;

let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchChromium({ persona: personas[0], camera: CAMERA });
});

afterAll(async () => {
  await browser.close();
  closeLibrary();
  await server.close();
});

// First of all: subscriptions are counted, and whoever was in a room before is kept a place in it for a while.
describe('a grid of twelve others, more than fit on a page', () => {
  let viewer: RoomPage;
  let senders: SignalledParticipant[];

  const subscriptions = async () => (await server.metric('tertulia_subscriptions')).get('');

  beforeAll(async () => {
    senders = await Promise.all(
      Array.from({ length: 12 }, (_, i) => SignalledParticipant.join(server.url, 'twelve', `Sender ${i}`)),
    );
    await Promise.all(senders.map((sender) => sender.camera()));
    viewer = await RoomPage.join(browser, {
      serverUrl: server.url,
      room: 'twelve',
      name: 'Viewer',
      listen: false,
      viewport: { width: 640, height: 480 },
    });
  });
  afterAll(async () => {
    await viewer.close();
    await Promise.all(senders.map((sender) => sender.leave()));
  });

  /** Tiles of others on the page, and videos of which packets come. */
  async function shownAndReceived(): Promise<{ shown: number; received: number }> {
    const shown = await viewer.page.locator('[data-testid=tile]:not([data-self])').count();
    return { shown, received: (await viewer.receivedIn(500)).videos };
  }

  it('receives those on the page and no others, whatever the page', async () => {
    for (const turn of [null, 'Next page', 'Previous page']) {
      if (turn !== null) await viewer.press(turn);
      const { answer } = await until(
        'as many videos as tiles',
        shownAndReceived,
        ({ shown, received }) => shown === received,
      );
      expect(answer.shown).toBeGreaterThan(2);
      expect(answer.shown).toBeLessThan(12);
      await until(
        'the server holds subscriptions to what is shown, and of each sender to the viewer’s voice',
        subscriptions,
        (held) => held === answer.shown + senders.length,
      );
    }
  });
});

describe('a grid', () => {
  const pages: RoomPage[] = [];

  const comeIn = async (viewport: typeof LARGE, ...names: string[]) => {
    for (const name of names)
      pages.push(
        // Without voices, which would take the processors that cameras need.
        await RoomPage.join(browser, {
          ...{ serverUrl: server.url, room: 'grid', name, viewport },
          ...{ microphone: false, listen: false },
        }),
      );
  };
  afterAll(() => Promise.all(pages.map((page) => page.close())));

  /** Waits until somebody receives the others' pictures that wide, except one. */
  async function receivesWidths(page: RoomPage, width: number, except: Record<string, number> = {}) {
    const others = pages.filter((other) => other !== page);
    const wished = Object.fromEntries(others.map(({ name }) => [name, width]));
    const inOrder = (widths: Record<string, number>) => JSON.stringify(Object.entries(widths).sort());
    const { tookMs } = await until(
      `${page.name} receives pictures of these widths: ${inOrder({ ...wished, ...except })}`,
      async () => {
        const seen = (await page.look()).filter(({ self }) => !self);
        return Object.fromEntries(seen.map((picture) => [picture.name, picture.width]));
      },
      (widths) => inOrder(widths) === inOrder({ ...wished, ...except }),
      { timeoutMs: ADAPT_MS },
    );
    return tookMs;
  }

  // Of three, as six cameras and all their pictures take the whole of two processors: nothing is left for a high layer.
  it(
    'of three receives the middle layer of each other, the high one of whom one pins, and the low one of the rest',
    async () => {
      await comeIn(LARGE, 'Ana', 'Bruno', 'Carla');
      for (const page of pages) await receivesWidths(page, MIDDLE);

      const [ana] = pages as [RoomPage];
      await ana.tile('Carla').hover();
      await ana.press('Pin Carla');
      const tookMs = await receivesWidths(ana, LOW, { Carla: HIGH });
      console.log(`The high layer came ${tookMs.toFixed(0)} ms after pinning.`);
      await ana.press('Unpin Carla');
      await receivesWidths(ana, MIDDLE);
    },
    5 * ADAPT_MS,
  );

  it(
    'of six small ones receives the low layer of each other',
    async () => {
      for (const { page } of pages) await page.setViewportSize(SMALL);
      await comeIn(SMALL, 'Diego', 'Elena', 'Felipe');
      for (const page of pages) await receivesWidths(page, LOW);
    },
    2 * ADAPT_MS,
  );
});

describe('a newcomer', () => {
  /** Waits until a camera is published in a room: whoever has come in publishes it a moment later. */
  async function seesCamera(room: string): Promise<void> {
    const watcher = await SignalClient.connect(server.url);
    const { publications } = await watcher.join(room, 'Watcher');
    if (!publications.some(({ source }) => source === 'camera'))
      await watcher.told('publicationAdded', ({ publication }) => publication.source === 'camera');
    await watcher.ask('leave', {});
    watcher.close();
  }

  it('asks for the pictures of who is there in one breath with all sound', async () => {
    const visit = { serverUrl: server.url, room: 'newcomer' };
    const host = await RoomPage.join(browser, { ...visit, name: 'Ana', listen: false });
    await seesCamera(visit.room);
    const newcomer = await RoomPage.open(browser, { ...visit, name: 'Bruno' });
    const asked: string[] = [];
    newcomer.page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => asked.push(String(payload)));
    });
    await newcomer.enter();
    await newcomer.sees([personas[0].code]);
    const [ready, ...more] = asked.filter((request) => request.includes('["ready"'));
    expect(ready).toMatch(/"videos":\[\{"publicationId"/);
    expect(more).toEqual([]);
    // What is drawn then must not take back what has been asked for.
    expect(asked.filter((request) => request.includes('"videos":[]'))).toEqual([]);
    await Promise.all([newcomer.close(), host.close()]);
  });
});

describe('a tab that is hidden', () => {
  let tab: Tab;
  let sender: RoomPage;

  beforeAll(async () => {
    sender = await RoomPage.join(browser, { serverUrl: server.url, room: 'hidden', name: 'Ana' });
    tab = await Tab.launchChromium();
    await tab.join({ serverUrl: server.url, room: 'hidden', name: 'Bruno' });
  });
  afterAll(async () => {
    await tab.close();
    await sender.close();
  });

  it('receives no byte of video, hears on, and sees again when it is shown', async () => {
    const isSeeing = ({ videoBytes }: { videoBytes: number }) => videoBytes > 0;
    await until('video comes', () => tab.receivedIn(500), isSeeing);

    await tab.hide();
    // Longer than a busy machine makes a camera pause.
    await until(
      'video stops',
      () => tab.receivedIn(1_500),
      (received) => !isSeeing(received),
    );
    expect(await tab.receivedIn(5_000)).toMatchObject({ videoBytes: 0, voices: 1 });

    await tab.show();
    const { tookMs } = await until('video comes', () => tab.receivedIn(100), isSeeing);
    console.log(`Video was back ${tookMs.toFixed(0)} ms after the tab was shown.`);
    await tab.sees([personas[0].code]);
  });
});
