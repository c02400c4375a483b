/** A shared screen: whether what is on it can be read at the far end. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { until } from '../helpers/wait.ts';

/** As fine as the strokes of small letters, in pixels. */
const CELL = 4;
const COLUMNS = 1280 / CELL;
const ROWS = 720 / CELL;
/** The share of cells that may be read wrongly. */
const UNREADABLE = 0.001;

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
    const cells = Array.from({ length: COLUMNS * ROWS }, () => Math.random() < 0.5);
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
    const { tookMs } = await until(
      'the screen can be read',
      async () => {
        const lights = await viewer.page.evaluate(
          ([columns, rows]) => window.senses.read('screen', columns, rows),
          [COLUMNS, ROWS] as const,
        );
        return lights ? lights.filter((light, i) => light > 128 !== cells[i]).length / cells.length : 1;
      },
      (wrong) => wrong <= UNREADABLE,
      { timeoutMs: 20_000, everyMs: 250 },
    );
    console.log(
      `Cells of ${CELL} x ${CELL} pixels were legible ${tookMs.toFixed(0)} ms after sharing began.`,
    );
    const [screen] = (await viewer.look()).filter(({ source }) => source === 'screen');
    expect(screen).toMatchObject({ width: 1280, height: 720 });
    const faces = (await viewer.look()).filter(({ source }) => source === 'camera');
    for (const face of faces) expect(screen!.tileWidth).toBeGreaterThan(2 * face.tileWidth);
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
