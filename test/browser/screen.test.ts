/** A shared screen: whether what is on it can be read at the far end. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { random } from '../helpers/random.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { until } from '../helpers/wait.ts';

/** As fine as the strokes of small letters, in pixels. */
const CELL = 4;
const COLUMNS = 1280 / CELL;
const ROWS = 720 / CELL;
/** The share of cells that may be read wrongly. */
const UNREADABLE = 0.001;
/** Bandwidth is estimated over some seconds, and now and then over half a minute, upwards. In ms. */
const ADAPT_MS = 45_000;

/** What the shared page plays: nobody's voice. */
const SOUND_HZ = personas[5].tone;
const TITLE = 'Something to read';

let server: ServerProcess;
let browsers: Browser[];
let sharer: RoomPage;
let viewer: RoomPage;

beforeAll(async () => {
  server = await ServerProcess.start();
  browsers = await Promise.all([
    // Answers the browser's question which tab to share.
    launchChromium({
      persona: personas[0],
      aloud: true,
      args: [`--auto-select-tab-capture-source-by-title=${TITLE}`],
    }),
    launchChromium({ persona: personas[1] }),
  ]);
  const join = { serverUrl: server.url, room: 'screen' };
  [sharer, viewer] = await Promise.all([
    RoomPage.join(browsers[0]!, { ...join, name: 'Ana' }),
    RoomPage.join(browsers[1]!, { ...join, name: 'Bruno' }),
  ]);
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.close();
});

describe('a shared screen', () => {
  it('takes the stage, and can be read to the finest detail', async () => {
    const next = random();
    const cells = Array.from({ length: COLUMNS * ROWS }, () => next() < 0.5);
    const document = await sharer.page.context().newPage();
    await document.setContent(`<title>${TITLE}</title><style>body { margin: 0 }</style><canvas></canvas>`);
    await document.evaluate(
      ([bright, columns, rows, cell]) => {
        const canvas = window.document.querySelector('canvas')!;
        [canvas.width, canvas.height] = [columns * cell, rows * cell];
        const drawing = canvas.getContext('2d')!;
        bright.forEach((isBright, i) => {
          drawing.fillStyle = isBright ? 'white' : 'black';
          drawing.fillRect((i % columns) * cell, Math.floor(i / columns) * cell, cell, cell);
        });
      },
      [cells, COLUMNS, ROWS, CELL] as const,
    );

    await document.evaluate((tone) => {
      const context = new AudioContext();
      const oscillator = new OscillatorNode(context, { frequency: tone });
      oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(context.destination);
      oscillator.start();
    }, SOUND_HZ);

    await sharer.page.bringToFront();
    await sharer.press('Share screen');
    const shown = async () => (await viewer.look()).find(({ source }) => source === 'screen');
    // A browser that is busy shares a smaller picture for a while.
    const { tookMs } = await until(
      'the screen can be read, at its full size',
      async () => {
        const lights = await viewer.page.evaluate(
          ([columns, rows]) => window.senses.read('screen', columns, rows),
          [COLUMNS, ROWS] as const,
        );
        const wrong = lights?.filter((light, i) => light > 128 !== cells[i]).length ?? cells.length;
        const { width = 0, height = 0 } = (await shown()) ?? {};
        return { unreadable: wrong / cells.length, width, height };
      },
      ({ unreadable, width, height }) => unreadable <= UNREADABLE && width === 1280 && height === 720,
      { timeoutMs: ADAPT_MS, everyMs: 250 },
    );
    console.log(
      `Cells of ${CELL} x ${CELL} pixels were legible ${tookMs.toFixed(0)} ms after sharing began.`,
    );
    await until(
      'the screen is far larger than the faces beside it',
      async () => (await viewer.look()).map(({ source, tileWidth }) => ({ source, tileWidth })),
      (pictures) => {
        const screenWidth = pictures.find(({ source }) => source === 'screen')?.tileWidth ?? 0;
        const faces = pictures.filter(({ source }) => source === 'camera');
        return faces.every(({ tileWidth }) => screenWidth > 2 * tileWidth);
      },
    );
  });

  it('is heard, too', async () => {
    await viewer.hears([personas[0].tone, SOUND_HZ]);
  });

  it('goes away when it is stopped', async () => {
    await sharer.press('Stop sharing');
    await viewer.page.locator('[data-testid=tile][data-source=screen]').waitFor({ state: 'detached' });
    await viewer.sees([personas[0].code]);
    await viewer.hears([personas[0].tone]);
  });
});
