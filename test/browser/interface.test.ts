/** The interface itself: by keyboard, for screen readers, in both languages and themes, at both sizes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { START_IDS } from '../../client/app/landing/testids.ts';
import { TEST_IDS } from '../../client/app/testids.ts';
import { violations } from '../helpers/accessibility.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { ServerProcess } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';

const LOOKS = [
  { size: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB' },
  { size: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'es-MX' },
] as const;
type Look = (typeof LOOKS)[number];

let server: ServerProcess;
let browser: Browser;
let rooms = 0;

beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchChromium({ persona: personas[0], args: ['--use-fake-ui-for-media-stream'] });
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(path: string, look: Look = LOOKS[0], atFirst?: () => void): Promise<Page> {
  const { size, colorScheme, locale } = look;
  const context = await browser.newContext({ viewport: size, colorScheme, locale });
  await context.grantPermissions(['camera', 'microphone']);
  const page = await context.newPage();
  if (atFirst) await page.addInitScript(atFirst);
  await page.goto(new URL(path, server.url).href);
  return page;
}

async function join(name: string, look?: Look, room = `interface-${(rooms += 1)}`): Promise<Page> {
  const page = await open(`r/${room}`, look);
  await page.getByTestId(TEST_IDS.name).fill(name);
  await page.getByTestId(TEST_IDS.join).click();
  await page.locator(`[data-testid=${TEST_IDS.room}][data-phase=joined]`).waitFor();
  return page;
}

/** People who only sit there. @returns the function that sends them home */
async function fill(room: string, count: number): Promise<() => void> {
  const people = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const client = await SignalClient.connect(server.url);
      await client.join(room, `Guest ${i + 1}`);
      return client;
    }),
  );
  return () => {
    for (const client of people) client.close();
  };
}

const roomOf = (page: Page): string => decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement!.getAttribute('data-testid'));

describe.each(LOOKS)('on a screen of $size.width pixels, $colorScheme, $locale', (look) => {
  it('nothing on the start page, before the room or after it stands in the way of anybody', async () => {
    const page = await open('', look);
    await page.getByTestId(START_IDS.newRoom).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale.slice(0, 2));

    await page.getByTestId(START_IDS.newRoom).click();
    await page.locator(`[data-testid=${TEST_IDS.selfPreview}] video`).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByTestId(TEST_IDS.name).fill('Ana');
    await page.getByTestId(TEST_IDS.join).click();
    await page.getByTestId(TEST_IDS.leave).click();
    await page.getByTestId(TEST_IDS.left).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.goto(new URL('r/-', server.url).href);
    await page.getByTestId(TEST_IDS.problem).waitFor();
    expect(await violations(page)).toEqual([]);

    const nowhere = await page.goto(new URL('no/such/page', server.url).href);
    expect(nowhere?.status()).toBe(404);
    await page.getByTestId(START_IDS.nothingHere).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link').click();
    await page.getByTestId(START_IDS.newRoom).waitFor();
    await page.context().close();
  });

  it('nothing in the room does, whatever is open', async () => {
    const page = await join('Ana', look);
    const leave = await fill(roomOf(page), 5);
    const open = async (testId: string): Promise<void> => {
      await page.getByTestId(TEST_IDS.more).click();
      await page.getByTestId(testId).click();
    };
    const screens: [string, () => Promise<void>, string][] = [
      ['people', () => page.getByTestId(TEST_IDS.people).click(), TEST_IDS.peoplePanel],
      ['chat', () => page.getByTestId(TEST_IDS.chat).click(), TEST_IDS.chatPanel],
      [
        'figures',
        async () => {
          await open(TEST_IDS.openStats);
          await page.getByTestId(TEST_IDS.stream).first().waitFor();
        },
        TEST_IDS.statsPanel,
      ],
      ['settings', () => open(TEST_IDS.openSettings), TEST_IDS.settings],
      ['shortcuts', () => open(TEST_IDS.openShortcuts), TEST_IDS.shortcuts],
      ['invitation', () => open(TEST_IDS.openInvite), TEST_IDS.invite],
      ['room settings', () => open(TEST_IDS.openRoomSettings), TEST_IDS.roomSettings],
      ['menu', () => page.getByTestId(TEST_IDS.more).click(), TEST_IDS.layoutGrid],
    ];
    expect(await violations(page), 'room').toEqual([]);
    for (const [name, show, testId] of screens) {
      await show();
      await page.getByTestId(testId).waitFor();
      expect(await violations(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByTestId(testId).waitFor({ state: 'hidden' });
    }
    await page.getByTestId(TEST_IDS.people).click();
    for (const [opener, line] of [
      [TEST_IDS.personMenu, 'person-ban'],
      [TEST_IDS.allMenu, TEST_IDS.muteAll],
    ] as const) {
      await page.getByTestId(opener).last().click();
      await page.getByTestId(line).waitFor();
      expect(await violations(page), opener).toEqual([]);
      // The menu alone closes.
      await page.keyboard.press('Escape');
      await page.getByTestId(line).waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toBe(opener);
    }
    await page.getByTestId(TEST_IDS.personMenu).last().click();
    await page.getByTestId('person-ban').click();
    await page.getByTestId(TEST_IDS.confirm).waitFor();
    expect(await violations(page), 'question').toEqual([]);
    leave();
    await page.context().close();
  });

  it('nothing at the door does, on either side of it', async () => {
    const host = await open('', look);
    await host.locator('input[value=class]').check({ force: true });
    await host.getByTestId(START_IDS.newRoom).click();
    await host.getByTestId(TEST_IDS.name).fill('Ana');
    await host.getByTestId(TEST_IDS.join).click();
    await host.locator(`[data-testid=${TEST_IDS.room}][data-phase=joined]`).waitFor();

    const guest = await open(`r/${roomOf(host)}`, look);
    await guest.getByTestId(TEST_IDS.name).fill('Bruno');
    await guest.getByTestId(TEST_IDS.join).click();
    await guest.getByTestId(TEST_IDS.waiting).waitFor();
    await host.getByTestId(TEST_IDS.admitFromNotice).waitFor();
    await host.getByTestId(TEST_IDS.people).click();
    await host.getByTestId(TEST_IDS.writeToDoor).click();
    await host.getByTestId(TEST_IDS.doorField).fill('Soon.');
    expect(await violations(host), 'door').toEqual([]);
    await host.keyboard.press('Enter');
    await guest.getByText('Soon.').waitFor();
    expect(await violations(guest), 'waiting').toEqual([]);

    await host.getByTestId(TEST_IDS.deny).click();
    await guest.getByTestId(TEST_IDS.problem).waitFor();
    expect(await violations(guest), 'denied').toEqual([]);

    await host.getByTestId(TEST_IDS.closePanel).click();
    await host.getByTestId(TEST_IDS.more).click();
    await host.getByTestId(TEST_IDS.openRoomSettings).click();
    await host.getByTestId(TEST_IDS.roomPassword).fill('olla');
    await host.keyboard.press('Enter');
    await expect.poll(() => host.getByTestId(TEST_IDS.roomPassword).inputValue()).toBe('');
    await guest.goto(new URL(`r/${roomOf(host)}`, server.url).href);
    await guest.getByTestId(TEST_IDS.join).click();
    await guest.getByTestId(TEST_IDS.passwordField).waitFor();
    expect(await violations(guest), 'password').toEqual([]);
    for (const page of [host, guest]) await page.context().close();
  });
});

describe('the keyboard', () => {
  it('leads into panels, menus and dialogs, and back to where it came from', async () => {
    const page = await join('Ana');
    await page.getByTestId(TEST_IDS.chat).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe(TEST_IDS.chatField);
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe(TEST_IDS.chat);

    await page.getByTestId(TEST_IDS.more).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe(TEST_IDS.openInvite);
    await page.keyboard.press('k');
    await expect.poll(() => focused(page)).toBe(TEST_IDS.openShortcuts);
    await page.keyboard.press('Enter');
    await page.getByTestId(TEST_IDS.shortcuts).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe(TEST_IDS.more);
    await page.context().close();
  });

  it('talks while the space bar is held, and only then', async () => {
    const page = await join('Ana');
    const isOn = () => page.getByTestId(TEST_IDS.microphone).getAttribute('data-on');
    await page.keyboard.press('m');
    await expect.poll(isOn).toBeNull();
    await page.keyboard.down(' ');
    await expect.poll(isOn).toBe('true');
    await page.keyboard.up(' ');
    await expect.poll(isOn).toBeNull();
    await page.context().close();
  });

  it('writes in the chat without working the room', async () => {
    const page = await join('Ana');
    await page.keyboard.press('c');
    await page.getByTestId(TEST_IDS.chatField).waitFor();
    await page.keyboard.type('m v h <b>bold</b> https://example.org');
    await page.keyboard.press('Enter');
    const message = page.getByTestId(TEST_IDS.chatMessage);
    await message.waitFor();
    expect(await message.innerText()).toContain('m v h <b>bold</b> https://example.org');
    expect(await message.locator('b').count()).toBe(0);
    expect(await message.locator('a').getAttribute('href')).toBe('https://example.org');
    expect(await page.getByTestId(TEST_IDS.microphone).getAttribute('data-on')).toBe('true');
    await page.context().close();
  });

  it('turns the pages of a grid, however fast', async () => {
    const page = await join('Ana');
    const leave = await fill(roomOf(page), 29);
    const shown = () => page.getByTestId(TEST_IDS.pager).innerText();
    await expect.poll(shown).toContain('Page 1 of 2');
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
    await expect.poll(shown).toContain('Page 2 of 2');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(shown).toContain('Page 1 of 2');
    expect(await page.getByTestId(TEST_IDS.tile).count()).toBe(15);
    leave();
    await page.context().close();
  });
});

describe('a person', () => {
  it.each([
    ['NotAllowedError', 'The browser may not use your microphone and camera'],
    ['NotReadableError', 'Another program is using your microphone and camera'],
    ['NotFoundError', 'No microphone and no camera found'],
  ])('is told what %s means, and comes in all the same', async (error, heading) => {
    const atFirst = `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '${error}'); }`;
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await page.addInitScript(atFirst);
    await page.goto(new URL('r/without', server.url).href);
    await page.getByTestId(TEST_IDS.deviceProblem).waitFor();
    expect(await page.getByTestId(TEST_IDS.deviceProblem).innerText()).toContain(heading);
    await page.getByTestId(TEST_IDS.name).fill('Ana');
    await page.getByTestId(TEST_IDS.join).click();
    await page.locator(`[data-testid=${TEST_IDS.room}][data-phase=joined]`).waitFor();
    await context.close();
  });

  it('is told of speaking while muted', async () => {
    const page = await join('Ana');
    await page.getByTestId(TEST_IDS.microphone).click();
    await page.getByText('You are speaking, but muted.').first().waitFor();
    await page.context().close();
  });

  it('is known by name and look on the next visit', async () => {
    const page = await join('Ana');
    await page.keyboard.press('l');
    await page.getByTestId(TEST_IDS.leave).click();
    await page.getByTestId(TEST_IDS.rejoin).click();
    expect(await page.getByTestId(TEST_IDS.name).inputValue()).toBe('Ana');
    await page.getByLabel('Language').selectOption('es');
    await page.getByRole('button', { name: 'Entrar ahora' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Entrar ahora' }).waitFor();
    await page.context().close();
  });

  it('leaves no camera running behind, wherever the way out leads', async () => {
    const page = await open('r/running', LOOKS[0], () => {
      const tracks: MediaStreamTrack[] = [];
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await ask(constraints);
        tracks.push(...stream.getTracks());
        return stream;
      };
      Object.assign(window, { live: () => tracks.filter(({ readyState }) => readyState === 'live').length });
    });
    const live = () => page.evaluate<number>('live()');
    await expect.poll(live).toBe(2);
    await page.getByRole('link', { name: 'Back to the start' }).click();
    await expect.poll(live).toBe(0);
    await page.goBack();
    await page.getByTestId(TEST_IDS.name).fill('Ana');
    await page.getByTestId(TEST_IDS.join).click();
    await page.getByTestId(TEST_IDS.leave).click();
    await expect.poll(live).toBe(0);
    await page.context().close();
  });
});
