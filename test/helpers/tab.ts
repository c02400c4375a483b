/**
 * A person in front of a tab of a whole browser, driven by puppeteer: tabs of it can be hidden, and it drives Firefox.
 */
import puppeteer from 'puppeteer-core';
import type { Browser, LaunchOptions, Page } from 'puppeteer-core';
import { CHROMIUM, CHROMIUM_ARGS } from './chromium.ts';
import { BARS } from './fake-devices.ts';
import type { VisitOptions } from './room-page.ts';
import { installSenses } from './senses.ts';
import { Visitor } from './visitor.ts';
import { until } from './wait.ts';

export const FIREFOX = '/usr/bin/firefox-esr';

export class Tab extends Visitor {
  readonly #browser: Browser;
  readonly #page: Page;
  /** Another tab of the same window. */
  #other: Page | null = null;

  private constructor(browser: Browser, page: Page) {
    super('Tab');
    this.#browser = browser;
    this.#page = page;
    page.on('pageerror', (error) => this.problems.push(String(error)));
  }

  static async launchChromium(): Promise<Tab> {
    return Tab.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] });
  }

  /** Firefox, whose fake devices whistle a tone, in Hz, and paint by themselves. */
  static async launchFirefox(tone: number): Promise<Tab> {
    return Tab.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
        'media.navigator.audio.fake_frequency': tone,
        'media.autoplay.default': 0,
      },
    });
  }

  static async launch(options: LaunchOptions): Promise<Tab> {
    const browser = await puppeteer.launch({ acceptInsecureCerts: true, ...options });
    return new Tab(browser, await browser.newPage());
  }

  /** Goes to the room's page, and in. */
  async join({ serverUrl, room, name }: VisitOptions): Promise<void> {
    await this.#page.evaluateOnNewDocument(installSenses, BARS);
    await this.#page.goto(new URL(`r/${room}`, serverUrl).href);
    await this.#focus('Your name');
    await this.#page.keyboard.type(name);
    await this.enter();
  }

  /** Puts another tab in front. */
  async hide(): Promise<void> {
    this.#other = await this.#browser.newPage();
    await this.#other.bringToFront();
  }

  async show(): Promise<void> {
    await this.#other?.close();
    this.#other = null;
    await this.#page.bringToFront();
  }

  override async press(name: string): Promise<void> {
    await this.#focus(name);
    await this.#page.keyboard.press('Enter');
  }

  override async phase(phase: string, timeoutMs = 20_000): Promise<void> {
    const room = `[data-testid=room][data-phase=${phase}]`;
    await until(
      `the room is ${phase}`,
      () => this.inPage((selector) => document.querySelector(selector) !== null, room),
      (isThere) => isThere,
      { timeoutMs },
    );
  }

  /**
   * Leads the keyboard to a control by its name, as soon as it is there: a mouse would miss what moves while the page
   * still grows. The library's own locators evaluate text, which the page's content security policy forbids them in
   * some versions of Firefox.
   */
  async #focus(name: string): Promise<void> {
    await until(
      `there is ${name}`,
      () => this.inPage(focusOn, name),
      (isThere) => isThere,
    );
  }

  override async inPage<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    return this.#page.evaluate(run as (argument: unknown) => Awaited<R>, argument);
  }

  override async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** Runs inside the page. @returns whether the button or field of this name is there and can be used */
function focusOn(name: string): boolean {
  for (const control of document.querySelectorAll<HTMLButtonElement | HTMLInputElement>('button, input')) {
    const names = [control.ariaLabel, control.textContent, control.labels?.[0]?.textContent];
    if (control.disabled || !names.some((text) => text?.trim() === name)) continue;
    control.focus();
    return document.activeElement === control;
  }
  return false;
}
