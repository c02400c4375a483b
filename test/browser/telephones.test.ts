/**
 * Telephones in the room's interface: at both sizes, in both languages and themes, in every state that a call can be in.
 * How real ones are called, heard and held is in test/telephony/room-page.test.ts.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_IDS } from '../../client/app/testids.ts';
import type { DialState } from '../../client/sdk/types.ts';
import { violations } from '../helpers/accessibility.ts';
import { BridgeClient } from '../helpers/bridge-client.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { BRIDGE_SECRET } from '../helpers/signalled-server.ts';
import { until } from '../helpers/wait.ts';

const LOOKS = [
  { size: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB' },
  { size: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'es-MX' },
] as const;

const DIAL_IN = [
  { number: '+54 11 5252 5252', label: 'Buenos Aires', language: 'es' },
  { number: '+34 910 000 000', language: 'es' },
  { number: '+44 20 7946 0000', language: 'en' },
];
/** How each call goes, by whom is called. */
const CALLED: Readonly<Record<string, Exclude<DialState, 'dialling' | 'answered'>>> = {
  '+54 11 4444 0001': 'busy',
  '+54 11 4444 0002': 'no-answer',
  '+54 11 4444 0003': 'declined',
  '+54 11 4444 0004': 'cancelled',
  '+54 11 4444 0005': 'unknown-number',
  '+54 11 4444 0006': 'unreachable',
  '+54 11 4444 0007': 'refused',
  '+54 11 4444 0008': 'unsupported',
  '+54 11 4444 0009': 'network-failed',
  '+54 11 4444 0010': 'no-line',
  '+54 11 4444 0011': 'lines-busy',
  '+54 11 4444 0012': 'failed',
  'sip:somebody.with.a.very.long.name@telephones.of.the.office.example.org': 'not-allowed',
  '+54 11 4444 0013': 'ringing',
};

let server: ServerProcess;
let browser: Browser;
let bridge: BridgeClient;

beforeAll(async () => {
  server = await ServerProcess.start({
    env: { BRIDGE_SECRET, DIAL_IN_NUMBERS: JSON.stringify(DIAL_IN) },
  });
  browser = await launchChromium({ persona: personas[0], args: ['--use-fake-ui-for-media-stream'] });
  bridge = await BridgeClient.connect(server.url);
  await bridge.hello();
});
afterAll(async () => {
  bridge.close();
  await browser.close();
  await server.close();
});

async function open(page: Page, testId: string): Promise<void> {
  await page.getByTestId(TEST_IDS.more).click();
  await page.getByTestId(testId).click();
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** A digit's group of the room's number, as it is shown. */
async function numberOf(page: Page): Promise<string> {
  await open(page, TEST_IDS.openInvite);
  const shown = await page.getByTestId(TEST_IDS.invite).getByTestId(TEST_IDS.dialIn).innerText();
  await close(page);
  return /(\d{4}) (\d{4})#/.exec(shown)!.slice(1).join('');
}

describe.each(LOOKS)('on a screen of $size.width pixels, $colorScheme, $locale', (look) => {
  const { size, colorScheme, locale } = look;
  let page: Page;

  beforeAll(async () => {
    const context = await browser.newContext({ viewport: size, colorScheme, locale });
    await context.grantPermissions(['camera', 'microphone']);
    page = await context.newPage();
    await page.goto(new URL(`r/telephones-${colorScheme}-${locale}`, server.url).href);
    await page.getByTestId(TEST_IDS.name).fill('Ana');
    await page.getByTestId(TEST_IDS.join).click();
    await page.locator(`[data-testid=${TEST_IDS.room}][data-phase=joined]`).waitFor();
  });
  afterAll(() => page.context().close());

  it('whoever is alone is shown how to bring others, telephones included', async () => {
    await page.getByTestId(TEST_IDS.dialIn).getByRole('link').waitFor();
    expect(await violations(page), 'alone').toEqual([]);
  });

  it('the PIN is set, and is in the invitation', async () => {
    await open(page, TEST_IDS.openRoomSettings);
    await page.getByTestId(TEST_IDS.roomPin).fill('471100');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId(TEST_IDS.roomPin).inputValue()).toBe('');
    expect(await violations(page), 'settings').toEqual([]);
    await close(page);
    await open(page, TEST_IDS.openInvite);
    const ways = page.getByTestId(TEST_IDS.invite).getByTestId(TEST_IDS.dialIn);
    await ways.getByText('PIN 471100#').waitFor();
    expect(await ways.getByRole('link').count()).toBe(DIAL_IN.length);
    expect(await violations(page), 'invitation').toEqual([]);
    await close(page);
  });

  it('calls are made, and it is seen how they go', async () => {
    await open(page, TEST_IDS.openCalls);
    const calls = page.getByTestId(TEST_IDS.callDialog).getByTestId(TEST_IDS.call);
    for (const [destination, state] of Object.entries(CALLED)) {
      const before = bridge.dials.length;
      await page.getByTestId(TEST_IDS.callField).fill(destination);
      await page.keyboard.press('Enter');
      const { answer } = await until(
        'the bridge is asked',
        () => bridge.dials[before],
        (request) => request !== undefined,
      );
      await bridge.ask('dialProgress', { dialId: answer!.dialId, state });
      await expect.poll(() => calls.first().getAttribute('data-state')).toBe(state);
    }
    expect(await calls.count()).toBe(Object.keys(CALLED).length);
    expect(await violations(page), 'calls').toEqual([]);

    await page.getByTestId(TEST_IDS.callField).fill('+54 11 4444 0014\u0007');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await violations(page), 'refused').toEqual([]);
    await close(page);
    await page.getByRole('heading', { name: '+54 11 4444 0013: ' }).waitFor();
    expect(await violations(page), 'alone, and calling').toEqual([]);
  });

  it('who is called by two clicks is called once', async () => {
    const before = bridge.dials.length;
    await open(page, TEST_IDS.openCalls);
    await page.getByTestId(TEST_IDS.callField).fill('+54 11 4444 0015');
    process.kill(server.pid, 'SIGSTOP');
    try {
      await page.getByTestId(TEST_IDS.callNow).click();
      await page.getByTestId(TEST_IDS.callNow).click();
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    const call = page.getByTestId(TEST_IDS.call).filter({ hasText: '+54 11 4444 0015' });
    await call.getByTestId(TEST_IDS.cancelCall).click();
    await call.and(page.locator('[data-state=cancelled]')).waitFor();
    expect(bridge.dials).toHaveLength(before + 1);
    await close(page);
  });

  it('the keyboard stays with a call whose button is gone', async () => {
    await open(page, TEST_IDS.openCalls);
    const call = page.getByTestId(TEST_IDS.call).filter({ hasText: '+54 11 4444 0001' });
    const isFocused = () => call.evaluate((row) => row === document.activeElement);
    await call.getByTestId(TEST_IDS.callAgain).press('Enter');
    await call.and(page.locator('[data-state=dialling]')).waitFor();
    await expect.poll(isFocused).toBe(true);
    await call.getByTestId(TEST_IDS.cancelCall).press('Enter');
    await call.and(page.locator('[data-state=cancelled]')).waitFor();
    await expect.poll(isFocused).toBe(true);
    expect(await violations(page), 'focused').toEqual([]);
    await close(page);
  });

  it('callers are in the list of people, with what hosts do with them', async () => {
    const number = await numberOf(page);
    const caller = bridge.call({ number: '+541155551234', name: 'Oma Rosa' });
    await caller.join(number, '471100');
    const other = bridge.call({ number: '+541155559876' });
    await other.join(number, '471100');
    await page.getByTestId(TEST_IDS.people).click();
    const line = page.getByTestId(TEST_IDS.person).filter({ hasText: 'Oma Rosa' });
    await line.getByText('+541155551234').waitFor();
    await line.getByTestId(TEST_IDS.personMenu).click();
    await page.getByTestId('person-hold').waitFor();
    expect(await violations(page), 'menu').toEqual([]);
    await page.getByTestId('person-hold').click();
    await caller.isTold('moderated', ({ moderation }) => moderation.action === 'held');
    await expect.poll(() => line.getAttribute('data-held')).toBe('true');
    expect(await violations(page), 'people').toEqual([]);

    await line.getByTestId(TEST_IDS.personMenu).click();
    await page.getByTestId('person-remove').click();
    await page.getByTestId(TEST_IDS.confirm).waitFor();
    expect(await violations(page), 'question').toEqual([]);
    await close(page);
    await page.getByTestId(TEST_IDS.closePanel).click();
    expect(await violations(page), 'tiles').toEqual([]);
  });
});
