/**
 * How long it takes from a click on “Join now” to the first picture of somebody else, with three others in the
 * room: the server and its page, beside a page that does the same with mediasoup and mediasoup-client only. Camera
 * and microphone are open before the click on both; all pages run in real browsers on this machine.
 */
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../helpers/chromium.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { sleep, until } from '../helpers/wait.ts';
import { BareServer } from './bare/process.ts';
import type { Comparison } from './figures.ts';

const OTHERS = 3;
/** The sides take turns, so that what else the machine does concerns both. */
const ROUNDS = 4;
const JOINS_PER_ROUND = 5;
/** Lets the encoders of those who were there before come to rest, in ms. */
const SETTLE_MS = 3_000;
/** The fake camera of the browser, at a rate at which two processors encode those of four people. */
const CAMERA = ['--use-fake-device-for-media-stream=fps=10', '--use-fake-ui-for-media-stream'];

/** One of the two that are compared. */
interface Side {
  /** The page to be in front of before the click. */
  url: string;
  /** Fills in what the page asks for, and waits until camera and microphone are open. */
  prepare: (page: Page) => Promise<void>;
  /** Finds the pictures of others. */
  remoteVideo: string;
}

export async function compareJoins(): Promise<Comparison> {
  const server = await ServerProcess.start({ env: { JOINS_PER_MINUTE: '1000' } });
  const bare = await BareServer.start();
  const sides: { ours: Side; bare: Side } = {
    ours: {
      url: new URL('r/join-time', server.url).href,
      prepare: async (page) => {
        await page.getByLabel('Your name').fill('Ana');
        await page.locator('[data-testid=self-preview] video').waitFor();
      },
      remoteVideo: '[data-testid=tile]:not([data-self]) video',
    },
    bare: {
      url: bare.url,
      prepare: (page) => page.locator('body[data-state=preview]').waitFor(),
      remoteVideo: 'video[data-remote]',
    },
  };
  try {
    const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.ours.push(...(await joinTimes(sides.ours)));
      times.bare.push(...(await joinTimes(sides.bare)));
    }
    return {
      title: `From the click to the first picture, ${OTHERS} others in the room`,
      rows: [{ what: 'join time', unit: 'ms', values: { server: times.ours, bare: times.bare } }],
    };
  } finally {
    await Promise.all([server.close(), bare.close()]);
  }
}

/** Lets the others in, then one after the other joins and goes. @returns how long each took, in ms */
async function joinTimes(side: Side): Promise<number[]> {
  const [there, coming] = await Promise.all([
    launchChromium({ args: CAMERA }),
    launchChromium({ args: CAMERA }),
  ]);
  try {
    for (let i = 0; i < OTHERS; i += 1) await (await open(there, side)).click('text=Join now');
    await sleep(SETTLE_MS);
    const times: number[] = [];
    for (let i = 0; i < JOINS_PER_ROUND; i += 1) {
      const page = await open(coming, side);
      await page.evaluate(watchForPicture, side.remoteVideo);
      await page.click('text=Join now');
      const { answer } = await until(
        'somebody else is seen',
        () => page.evaluate(() => window.pictureMs),
        (ms) => ms !== null,
      );
      times.push(answer!);
      await page.context().close();
      await sleep(500);
    }
    return times;
  } finally {
    await Promise.all([there.close(), coming.close()]);
  }
}

async function open(browser: Browser, { url, prepare }: Side): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  await page.goto(url);
  await prepare(page);
  return page;
}

declare global {
  interface Window {
    /** From the click to the first picture of somebody else, in ms; null until then. */
    pictureMs: number | null;
  }
}

/** Runs inside the page. */
function watchForPicture(remoteVideo: string): void {
  window.pictureMs = null;
  const follow = ({ timeStamp: clickedAt }: MouseEvent): void => {
    const followed = new WeakSet<HTMLVideoElement>();
    new MutationObserver(() => {
      for (const video of document.querySelectorAll<HTMLVideoElement>(remoteVideo)) {
        if (followed.has(video)) continue;
        followed.add(video);
        video.requestVideoFrameCallback((now) => (window.pictureMs ??= now - clickedAt));
      }
    }).observe(document, { childList: true, subtree: true, attributes: true });
  };
  addEventListener('click', follow, { capture: true, once: true });
}
