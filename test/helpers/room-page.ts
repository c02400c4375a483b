/** A person in front of a Chromium: goes to a room and works its controls. */
import type { Browser, Locator, Page } from 'playwright-core';
import { BARS } from './fake-devices.ts';
import { installSenses } from './senses.ts';
import { Visitor } from './visitor.ts';

export interface VisitOptions {
  serverUrl: string;
  room: string;
  name: string;
  viewport?: { width: number; height: number };
}

export interface JoinOptions extends VisitOptions {
  /** False to come without it. */
  camera?: boolean;
  microphone?: boolean;
  /** Whether to listen to what is heard there, which costs some processor time; yes by default. */
  listen?: boolean;
}

export class RoomPage extends Visitor {
  readonly page: Page;

  private constructor(page: Page, name: string) {
    super(name);
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.stack ?? error.message));
  }

  /** Opens the room's page and stays in front of it. */
  static async open(browser: Browser, options: VisitOptions): Promise<RoomPage> {
    const { serverUrl, room, name, viewport = { width: 1280, height: 720 } } = options;
    const context = await browser.newContext({
      viewport,
      locale: 'en-US',
      ignoreHTTPSErrors: true,
      permissions: ['camera', 'microphone'],
    });
    const page = await context.newPage();
    const roomPage = new RoomPage(page, name);
    await page.addInitScript(installSenses, BARS);
    await page.goto(new URL(`r/${room}`, serverUrl).href);
    await page.getByLabel('Your name').fill(name);
    return roomPage;
  }

  /** Opens the room's page, chooses what to bring along, and goes in. */
  static async join(browser: Browser, options: JoinOptions): Promise<RoomPage> {
    const roomPage = await RoomPage.open(browser, options);
    if (options.camera === false) await roomPage.press('Turn camera off');
    if (options.microphone === false) await roomPage.press('Mute');
    await roomPage.enter();
    if (options.listen !== false) await roomPage.listen();
    return roomPage;
  }

  override async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  override async phase(phase: string, timeout = 20_000): Promise<void> {
    await this.page
      .locator(`[data-testid=room][data-phase=${phase}]`)
      .waitFor({ state: 'attached', timeout });
  }

  override async inPage<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    return this.page.evaluate(run as (argument: unknown) => Awaited<R>, argument as unknown);
  }

  /** Tiles of a participant, by the name on them. */
  tile(name: string): Locator {
    return this.page.getByTestId('tile').filter({ hasText: name });
  }

  override async close(): Promise<void> {
    await this.page.context().close();
  }
}
