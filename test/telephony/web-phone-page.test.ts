/** The web phone's page itself: signing in, links, devices that are missing, and whether everybody can use it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHONE_IDS } from '../../client/phone/ui/testids.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { freePorts, ServerProcess } from '../helpers/server-process.ts';
import { startKamailio } from '../helpers/telephony/kamailio.ts';
import type { Kamailio } from '../helpers/telephony/kamailio.ts';
import { WebPhone } from '../helpers/telephony/web-phone.ts';
import { sleep } from '../helpers/wait.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const users = { ana: 'word-of-ana', bruno: 'word-of-bruno' };

const LOOKS = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'es-MX' },
] as const;

let kamailio: Kamailio;
let server: ServerProcess;
let browser: Browser;
let serverUrl: string;

beforeAll(async () => {
  [kamailio, server] = await Promise.all([
    startKamailio({ users }),
    ServerProcess.start({ env: { WORKERS: '1' } }),
  ]);
  browser = await launchChromium({ persona: personas[0] });
  serverUrl = server.url;
});

afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), kamailio.stop()]);
});

const register = (
  user: keyof typeof users,
  options: Partial<(typeof LOOKS)[number]> = {},
): Promise<WebPhone> =>
  WebPhone.register(browser, { serverUrl, ...options }, { kamailio, user, password: users[user] });

/** What axe finds wrong on a page, in short. */
async function violations(page: Page): Promise<string[]> {
  // Colours that are still fading in are not judged.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))),
  );
  await page.evaluate(AXE);
  // A string, as the page's axe is not this file's.
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
}

describe('signing in', () => {
  it('says what is missing, field by field, and leads there', async () => {
    const phone = await WebPhone.open(browser, { serverUrl });
    await phone.press('Sign in');
    expect(await phone.page.getByText('This is needed.').count()).toBe(3);
    expect(await phone.page.evaluate(() => document.activeElement!.getAttribute('name'))).toBe('url');
    await phone.page.locator('input[name=url]').fill('http://example.org');
    await phone.press('Sign in');
    await phone.page.getByText('That is no WebSocket address.').waitFor();
    await phone.close();
  });

  it('tells of a wrong password, and takes the right one', async () => {
    const phone = await WebPhone.open(browser, { serverUrl });
    await phone.signIn({ kamailio, user: 'ana', password: 'wrong' });
    await phone.page.locator('[data-reason=wrong-password]').waitFor();
    await phone.page.getByText('User or password is wrong').waitFor();
    await phone.signIn({ kamailio, user: 'ana', password: users.ana });
    await phone.at(PHONE_IDS.phone).waitFor();
    await phone.close();
  });

  it('tells of a PBX that is not there', async () => {
    const phone = await WebPhone.open(browser, { serverUrl });
    const wsUrl = `ws://127.0.0.1:${await freePorts()}`;
    await phone.signIn({ kamailio: { wsUrl }, user: 'ana', password: users.ana });
    await phone.page.getByText('The PBX can’t be reached').waitFor();
    await phone.close();
  });

  it('is remembered without the password, unless that was asked for', async () => {
    const phone = await register('ana');
    await phone.page.reload();
    const form = phone.at(PHONE_IDS.signIn);
    expect(await form.locator('input[name=url]').inputValue()).toBe(kamailio.wsUrl);
    expect(await form.locator('input[name=password]').inputValue()).toBe('');
    const stored = () => phone.page.evaluate(() => Object.values(localStorage).join());
    expect(await stored()).not.toContain(users.ana);

    await phone.page.getByLabel('Remember the password on this computer').check();
    await phone.signIn({ kamailio, user: 'ana', password: users.ana });
    await phone.at(PHONE_IDS.phone).waitFor();
    await phone.page.reload();
    await phone.at(PHONE_IDS.phone).waitFor();
    await phone.close();
  });

  it('comes back by itself when the PBX was away, and calls go on meanwhile', async () => {
    const [phone, other] = [await register('ana'), await register('bruno')];
    await phone.call('bruno');
    await other.answer();
    await phone.hears([personas[0].tone]);
    const { ports } = kamailio;
    await kamailio.kill();
    await phone.page.getByText('It is tried again by itself.').waitFor();
    kamailio = await startKamailio({ users, ports });
    await phone.page
      .locator(`[data-testid=${PHONE_IDS.phone}][data-status=registered]`)
      .waitFor({ timeout: 30_000 });
    // Longer than what was heard before still counts.
    await sleep(1_000);
    await Promise.all([phone.hears([personas[0].tone]), other.hears([personas[0].tone])]);
    await phone.phase('talking');
    await Promise.all([phone.close(), other.close()]);
  });
});

describe('a link', () => {
  it('fills in whom to call, and calls nobody without a click', async () => {
    const bruno = await register('bruno');
    const call = 'sip:bruno@pbx.test?Replaces=1';
    const phone = await WebPhone.open(browser, { serverUrl, call });
    await phone.signIn({ kamailio, user: 'ana', password: users.ana });
    await phone.page.getByText('A link asks you to call bruno').waitFor();
    expect(await bruno.at(PHONE_IDS.incoming).count()).toBe(0);
    expect(await phone.at(PHONE_IDS.call).count()).toBe(0);
    await phone.at(PHONE_IDS.callVoice).click();
    await bruno.at(PHONE_IDS.incoming).waitFor();
    await phone.hangUp();
    await Promise.all([phone.close(), bruno.close()]);
  });

  it('leads here from the start page', async () => {
    const page = await browser.newPage({ locale: 'en-US' });
    await page.goto(serverUrl);
    await page.getByRole('link', { name: 'Web phone' }).click();
    await page.getByTestId(PHONE_IDS.signIn).waitFor();
    await page.context().close();
  });
});

describe('a call', () => {
  it.each([
    ['NotAllowedError', 'The browser may not use your microphone'],
    ['NotFoundError', 'No microphone found'],
  ])('is not made without a microphone, and %s is told in words', async (error, heading) => {
    const phone = await register('ana');
    await phone.page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
    }, error);
    await phone.call('bruno');
    await phone.page.getByText(heading).waitFor();
    expect(await phone.at(PHONE_IDS.call).count()).toBe(0);
    expect(phone.problems).toEqual([]);
    await phone.close();
  });

  it('leaves no microphone and no camera running behind', async () => {
    const [ana, bruno] = [await register('ana'), await register('bruno')];
    await ana.page.evaluate(() => {
      const tracks: MediaStreamTrack[] = [];
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const clone = MediaStreamTrack.prototype.clone;
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await ask(constraints);
        tracks.push(...stream.getTracks());
        return stream;
      };
      MediaStreamTrack.prototype.clone = function () {
        const copy = clone.call(this);
        tracks.push(copy);
        return copy;
      };
      Object.assign(window, { live: () => tracks.filter(({ readyState }) => readyState === 'live').length });
    });
    const live = () => ana.page.evaluate<number>('live()');
    await ana.call('bruno', 'video');
    await bruno.answer('video');
    await ana.phase('talking');
    await expect.poll(live).toBe(4);
    await bruno.hangUp();
    await expect.poll(live).toBe(0);

    await ana.call('bruno', 'video');
    await ana.phase('ringing');
    await ana.hangUp();
    await expect.poll(live).toBe(0);
    await Promise.all([ana.close(), bruno.close()]);
  });
});

describe.each(LOOKS)('on a screen of $viewport.width pixels, $colorScheme, $locale', (look) => {
  it('nothing stands in the way of anybody', async () => {
    const [phone, other] = [await register('ana', look), await register('bruno')];
    const { page } = phone;
    const views = page.getByRole('navigation').getByRole('button');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale.slice(0, 2));
    expect(await violations(page), 'keypad').toEqual([]);

    await other.call('ana', 'video');
    await phone.at(PHONE_IDS.incoming).waitFor();
    expect(await violations(page), 'ringing').toEqual([]);
    await phone.answer('video');
    await phone.at(PHONE_IDS.showKeys).click();
    expect(await violations(page), 'call with keys').toEqual([]);
    await phone.at(PHONE_IDS.transfer).click();
    expect(await violations(page), 'call with transfer').toEqual([]);
    await other.write('ana', 'Hola https://example.org');
    await other.show('Call');
    await other.hangUp();
    await phone.at(PHONE_IDS.callNote).waitFor();

    await views.nth(1).click();
    expect(await violations(page), 'log').toEqual([]);
    await views.nth(2).click();
    expect(await violations(page), 'messages').toEqual([]);
    await page.getByRole('button', { name: /Hola/ }).click();
    await phone.at(PHONE_IDS.messageField).fill('Buenas');
    await page.keyboard.press('Enter');
    await page.locator(`[data-testid=${PHONE_IDS.message}][data-status=delivered]`).waitFor();
    expect(await violations(page), 'conversation').toEqual([]);
    await views.nth(3).click();
    await page.locator('summary').first().click();
    expect(await violations(page), 'trace').toEqual([]);
    await phone.at(PHONE_IDS.openSettings).click();
    await phone.at(PHONE_IDS.settings).waitFor();
    expect(await violations(page), 'settings').toEqual([]);
    await page.keyboard.press('Escape');

    await Promise.all([phone.close(), other.close()]);
    const fresh = await WebPhone.open(browser, { serverUrl, ...look });
    await fresh.page.locator('button[type=submit]').click();
    expect(await violations(fresh.page), 'sign-in').toEqual([]);
    await fresh.close();
  });
});

describe('the keyboard', () => {
  it('answers, presses keys, and hangs up', async () => {
    const [phone, other] = [await register('ana'), await register('bruno')];
    await other.call('ana');
    await phone.at(PHONE_IDS.incoming).waitFor();
    await expect
      .poll(() => phone.page.evaluate(() => document.activeElement!.getAttribute('data-testid')))
      .toBe(PHONE_IDS.answer);
    await phone.page.keyboard.press('Enter');
    await phone.phase('talking');
    await phone.at(PHONE_IDS.hangUp).focus();
    await phone.page.keyboard.press('Enter');
    await other.endOfCall('they-hung-up');
    await Promise.all([phone.close(), other.close()]);
  });
});
