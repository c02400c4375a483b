/** A person in front of a browser: goes to a room, works its controls, and tells what is heard and seen there. */
import type { Browser, Page } from 'playwright-core';
import { BARS, personas } from './fake-devices.ts';
import { installSenses } from './senses.ts';
import type { Picture, Sound } from './senses.ts';
import { until } from './wait.ts';

/** A tone as loud as this, in dB, comes from a voice. */
const HEARD_DB = -45;
/** A tone that is never louder than this, in dB, is not there. */
const SILENT_DB = -60;
/** Longer than two syllables of a voice, in ms. */
const SYLLABLES_MS = 600;

const TONES: readonly number[] = personas.map(({ tone }) => tone);

export interface JoinOptions {
  serverUrl: string;
  room: string;
  name: string;
  viewport?: { width: number; height: number };
  /** False to come without it. */
  camera?: boolean;
  microphone?: boolean;
}

export class RoomPage {
  readonly page: Page;
  readonly name: string;
  /** What went wrong in the page without anybody handling it. */
  readonly problems: string[] = [];

  private constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
    page.on('pageerror', (error) => this.problems.push(error.stack ?? error.message));
  }

  /** Opens the room's page and stays in front of it. */
  static async open(
    browser: Browser,
    options: Omit<JoinOptions, 'camera' | 'microphone'>,
  ): Promise<RoomPage> {
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
    return roomPage;
  }

  /** From the preview into the room. */
  async enter(): Promise<void> {
    await this.press('Join now');
    await this.phase('joined');
    await this.page.evaluate((tones) => window.senses.listen(tones), TONES);
  }

  /** Works a control by its name. */
  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Waits for a phase of the room's client. */
  async phase(phase: string, timeout = 20_000): Promise<void> {
    await this.page
      .locator(`[data-testid=room][data-phase=${phase}]`)
      .waitFor({ state: 'attached', timeout });
  }

  /** The others' tiles, by name of the participant. */
  tile(name: string) {
    return this.page.getByTestId('tile').filter({ hasText: name });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  // ------------------------------------------------------------------------------------ heard

  /** What was heard since a moment, in ms since the epoch. */
  async heardSince(at: number): Promise<Sound[]> {
    return this.page.evaluate((since) => window.senses.heardSince(since), at);
  }

  /** The tones of all who can be heard now, in Hz; null where it is neither clearly there nor clearly not. */
  async heard(): Promise<(number | null)[]> {
    const sounds = await this.heardSince(Date.now() - SYLLABLES_MS);
    return TONES.flatMap((tone, i) => {
      const loudest = Math.max(...sounds.map(({ levels }) => levels[i]!));
      if (loudest > HEARD_DB) return tone;
      return loudest < SILENT_DB ? [] : null;
    });
  }

  /** Waits until exactly these tones are heard. @returns how long it took, in ms */
  async hears(tones: readonly number[], timeoutMs?: number): Promise<number> {
    const wished = JSON.stringify([...tones].sort((a, b) => a - b));
    const { tookMs } = await until(
      `${this.name} hears ${wished}`,
      () => this.heard(),
      (heard) => JSON.stringify(heard) === wished,
      { ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    );
    return tookMs;
  }

  /** The first moment after `at` from which on a tone is not heard, in ms since the epoch; null if it is. */
  async silentFrom(tone: number, at: number): Promise<number | null> {
    const sounds = await this.heardSince(at);
    const i = TONES.indexOf(tone);
    const last = sounds.findLastIndex(({ levels }) => levels[i]! > HEARD_DB);
    return sounds[last + 1]?.at ?? null;
  }

  /** The first moment after `at` at which a tone is heard, in ms since the epoch; null if it is not. */
  async heardFrom(tone: number, at: number): Promise<number | null> {
    const i = TONES.indexOf(tone);
    return (await this.heardSince(at)).find(({ levels }) => levels[i]! > HEARD_DB)?.at ?? null;
  }

  // ------------------------------------------------------------------------------------ seen

  look(): Promise<Picture[]> {
    return this.page.evaluate(() => window.senses.look());
  }

  /** What the pictures of the others spell, lowest first. */
  async seen(): Promise<(number | null)[]> {
    const others = (await this.look()).filter(({ self }) => !self);
    return others.map(({ code }) => code).sort((a, b) => (a ?? -1) - (b ?? -1));
  }

  /** Waits until exactly these pictures of others are seen. @returns how long it took, in ms */
  async sees(codes: readonly number[], timeoutMs?: number): Promise<number> {
    const wished = JSON.stringify([...codes].sort((a, b) => a - b));
    const { tookMs } = await until(
      `${this.name} sees ${wished}`,
      () => this.seen(),
      (seen) => JSON.stringify(seen) === wished,
      { ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    );
    return tookMs;
  }

  /** Waits until each picture of others moves. */
  async seesMotion(timeoutMs = 10_000): Promise<void> {
    const before = new Map((await this.look()).map(({ participantId, frames }) => [participantId, frames]));
    await until(
      `${this.name} sees motion`,
      () => this.look(),
      (now) =>
        now.every(
          ({ self, participantId, frames }) => self || frames > (before.get(participantId) ?? Infinity),
        ),
      { timeoutMs },
    );
  }
}
