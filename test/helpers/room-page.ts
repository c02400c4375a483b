/** A person in front of a Chromium: goes to a room and works its controls. */
import type { Browser, Locator, Page } from 'playwright-core';
import type { RoomKind } from '../../client/sdk/types.ts';
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

export interface MakeOptions extends Omit<VisitOptions, 'room'> {
  kind: RoomKind;
}

const KIND_NAMES: Readonly<Record<RoomKind, string>> = {
  meeting: 'Meeting',
  class: 'Class',
  webinar: 'Webinar',
};

export class RoomPage extends Visitor {
  readonly page: Page;

  private constructor(page: Page, name: string) {
    super(name);
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.stack ?? error.message));
  }

  /** Opens the room's page and stays in front of it. */
  static async open(browser: Browser, options: VisitOptions): Promise<RoomPage> {
    const { serverUrl, room, name } = options;
    const roomPage = await RoomPage.#at(browser, new URL(`r/${room}`, serverUrl), options);
    await roomPage.page.getByLabel('Your name').fill(name);
    return roomPage;
  }

  /** Makes a room of a kind from the start page, and goes in as its host. */
  static async make(browser: Browser, options: MakeOptions): Promise<RoomPage> {
    const roomPage = await RoomPage.#at(browser, new URL(options.serverUrl), options);
    await roomPage.page.getByText(KIND_NAMES[options.kind], { exact: true }).click();
    await roomPage.press('New room');
    await roomPage.page.getByLabel('Your name').fill(options.name);
    await roomPage.enter();
    await roomPage.listen();
    return roomPage;
  }

  static async #at(
    browser: Browser,
    url: URL,
    { name, viewport = { width: 1280, height: 720 } }: Pick<VisitOptions, 'name' | 'viewport'>,
  ): Promise<RoomPage> {
    const context = await browser.newContext({
      viewport,
      locale: 'en-US',
      ignoreHTTPSErrors: true,
      permissions: ['camera', 'microphone'],
    });
    const page = await context.newPage();
    const roomPage = new RoomPage(page, name);
    await page.addInitScript(installSenses, BARS);
    await page.goto(url.href);
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

  /** As `press`. @returns when the page was clicked, in ms since the epoch, however long it took to get there */
  async pressedAt(name: string): Promise<number> {
    const clickedAt = this.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          addEventListener('click', () => resolve(Date.now()), { capture: true, once: true });
        }),
    );
    await this.press(name);
    return clickedAt;
  }

  /** @returns `request`, which resolves when the page has sent the next one of this name to the server */
  async watchFor(name: string): Promise<{ request: Promise<unknown> }> {
    const devTools = await this.page.context().newCDPSession(this.page);
    const { promise: request, resolve } = Promise.withResolvers<unknown>();
    devTools.on('Network.webSocketFrameSent', ({ response: { payloadData } }) => {
      if (payloadData.includes(`["${name}"`)) resolve(payloadData);
    });
    await devTools.send('Network.enable');
    return { request };
  }

  override async phase(phase: string, timeout = 20_000): Promise<void> {
    await this.page
      .locator(`[data-testid=room][data-phase=${phase}]`)
      .waitFor({ state: 'attached', timeout });
  }

  override async inPage<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    return this.page.evaluate(run as (argument: unknown) => Awaited<R>, argument as unknown);
  }

  /** The room's name, from the address. */
  get room(): string {
    return decodeURIComponent(new URL(this.page.url()).pathname.split('/').at(-1)!);
  }

  /** Knocks: asks to come in where one has to wait. */
  async knock(): Promise<void> {
    await this.press('Join now');
    await this.page.getByTestId('waiting').waitFor();
  }

  /** Works a line of the menu about somebody, in the list of people. */
  async doWith(name: string, line: string): Promise<void> {
    await this.openPanel('people');
    await this.page
      .getByRole('button', { name: `What to do with ${name}`, exact: true })
      .last()
      .click();
    await this.page.getByRole('menuitem', { name: line, exact: true }).click();
  }

  /** Works a line of the menu for everybody. */
  async doWithAll(line: string): Promise<void> {
    await this.openPanel('people');
    await this.press('For everybody');
    await this.page.getByRole('menuitem', { name: line, exact: true }).click();
  }

  async openPanel(panel: 'people' | 'chat'): Promise<void> {
    if ((await this.page.getByTestId(`${panel}-panel`).count()) === 0)
      await this.page.getByTestId(panel).click();
    await this.page.getByTestId(`${panel}-panel`).waitFor();
  }

  /** Works a line of the menu behind "More". */
  async more(line: string): Promise<void> {
    await this.press('More');
    await this.page.getByRole('menuitem', { name: line }).click();
  }

  /** Waits until something is told on top of the stage. */
  async isTold(told: string): Promise<void> {
    await this.page.getByTestId('notice').filter({ hasText: told }).first().waitFor();
  }

  /** Tiles of a participant, by the name on them. */
  tile(name: string): Locator {
    return this.page.getByTestId('tile').filter({ hasText: name });
  }

  override async close(): Promise<void> {
    await this.page.context().close();
  }
}
