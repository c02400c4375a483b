/** A person in front of the web phone, in a Chromium of their own. */
import type { Browser, Locator, Page } from 'playwright-core';
import { PHONE_IDS } from '../../../client/phone/ui/testids.ts';
import { BARS } from '../fake-devices.ts';
import { installSenses } from '../senses.ts';
import { Visitor } from '../visitor.ts';
import { sleep } from '../wait.ts';
import { DOMAIN } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';

/** From one key to the next, in ms. */
const KEY_MS = 250;

export interface WebPhoneOptions {
  serverUrl: string;
  viewport?: { width: number; height: number };
  locale?: string;
  colorScheme?: 'light' | 'dark';
  /** What a link asks to call. */
  call?: string;
}

export interface Credentials {
  kamailio: Pick<Kamailio, 'wsUrl'>;
  user: string;
  password: string;
}

export class WebPhone extends Visitor {
  readonly page: Page;

  private constructor(page: Page, name: string) {
    super(name);
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.stack ?? error.message));
  }

  /** Opens the page, where the account is asked for. */
  static async open(browser: Browser, options: WebPhoneOptions, name = 'Somebody'): Promise<WebPhone> {
    const { serverUrl, call, viewport = { width: 1280, height: 800 } } = options;
    const { locale = 'en-US', colorScheme = 'light' } = options;
    const permissions = ['camera', 'microphone', 'clipboard-read', 'clipboard-write'];
    const context = await browser.newContext({ viewport, locale, colorScheme, permissions });
    const page = await context.newPage();
    await page.addInitScript(installSenses, BARS);
    const url = new URL('phone', serverUrl);
    if (call !== undefined) url.searchParams.set('call', call);
    await page.goto(url.href);
    await page.getByTestId(PHONE_IDS.signIn).waitFor();
    return new WebPhone(page, name);
  }

  /** Opens the page, signs in, and keeps an ear on what is heard there. */
  static async register(
    browser: Browser,
    options: WebPhoneOptions,
    credentials: Credentials,
  ): Promise<WebPhone> {
    const phone = await WebPhone.open(browser, options, credentials.user);
    await phone.signIn(credentials);
    await phone.at(PHONE_IDS.phone).waitFor();
    await phone.listen();
    return phone;
  }

  at(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Fills in the form, and sends it. */
  async signIn({ kamailio, user, password }: Credentials): Promise<void> {
    const form = this.at(PHONE_IDS.signIn);
    await form.locator('input[name=url]').fill(kamailio.wsUrl);
    await form.locator('input[name=user]').fill(`${user}@${DOMAIN}`);
    await form.locator('input[name=password]').fill(password);
    await form.locator('button[type=submit]').click();
  }

  /** Keys in a number or name, and calls it. */
  async call(number: string, how: 'voice' | 'video' = 'voice'): Promise<void> {
    await this.at(PHONE_IDS.number).fill(number);
    await this.at(how === 'video' ? PHONE_IDS.callVideo : PHONE_IDS.callVoice).click();
  }

  /** Waits until it rings here, and answers. */
  async answer(how: 'voice' | 'video' = 'voice'): Promise<void> {
    await this.at(how === 'video' ? PHONE_IDS.answerVideo : PHONE_IDS.answer).click();
    await this.phase('talking');
  }

  /** Waits until the call in front is in a phase. */
  override async phase(phase: string, timeout = 15_000): Promise<void> {
    await this.page.locator(`[data-testid=${PHONE_IDS.call}][data-phase=${phase}]`).waitFor({ timeout });
  }

  /** Presses keys in a call, as a person does: the far end has to tell one from the next. */
  async key(digits: string): Promise<void> {
    const keys = this.at(PHONE_IDS.call).getByRole('group', { name: 'Keys' });
    if (!(await keys.isVisible())) await this.at(PHONE_IDS.showKeys).click();
    for (const digit of digits) {
      await keys.getByText(digit, { exact: true }).click();
      await sleep(KEY_MS);
    }
  }

  /** Holds the call, or resumes it. @param at in ms since the epoch */
  async pressHoldAt(at: number): Promise<void> {
    await this.at(PHONE_IDS.hold).evaluate((button: HTMLElement, when) => {
      setTimeout(() => button.click(), when - Date.now());
    }, at);
  }

  async hangUp(): Promise<void> {
    await this.at(PHONE_IDS.hangUp).click();
  }

  /** Waits until the note tells of a call that ended, and puts the note away. @returns what it says */
  async endOfCall(reason: string): Promise<string> {
    const note = this.page.locator(`[data-testid=${PHONE_IDS.callNote}][data-reason=${reason}]`);
    const words = await note.locator('p').first().innerText();
    await this.press('Close this note');
    return words;
  }

  /** Goes to another part of the phone. */
  async show(view: 'Call' | 'Recent calls' | 'Messages' | 'Trace'): Promise<void> {
    await this.page.getByRole('navigation').getByText(view, { exact: true }).click();
  }

  /** Writes a message, from wherever one is. */
  async write(to: string, message: string): Promise<void> {
    await this.show('Messages');
    if (await this.at(PHONE_IDS.writeTo).isVisible()) {
      await this.at(PHONE_IDS.writeTo).fill(to);
      await this.at(PHONE_IDS.startWriting).click();
    }
    await this.at(PHONE_IDS.messageField).fill(message);
    await this.at(PHONE_IDS.sendMessage).click();
  }

  override async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  override async inPage<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    return this.page.evaluate(run as (argument: unknown) => Awaited<R>, argument as unknown);
  }

  override async close(): Promise<void> {
    await this.page.context().close();
  }
}
