/** Telephones as a host's page shows and treats them, with a real telephone behind a real PBX. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import type { Baresip } from '../helpers/telephony/baresip.ts';
import { startTelephoneConference } from '../helpers/telephony/conference.ts';
import type { TelephoneConference } from '../helpers/telephony/conference.ts';
import { until } from '../helpers/wait.ts';

const [ana, , carla] = personas;
const DIAL_IN = [
  { number: '+54 11 5252 5252', label: 'Buenos Aires', language: 'es' },
  { number: '800', label: 'Office' },
];
/** In dB, as a telephone records it. */
const AUDIBLE = -35;
const SILENT = -45;

let conference: TelephoneConference;
let browser: Browser;
let host: RoomPage;
let phone: Baresip;

beforeAll(async () => {
  conference = await startTelephoneConference({
    settings: { dialOut: ['alice'], ringSeconds: 30 },
    env: { DIAL_IN_NUMBERS: JSON.stringify(DIAL_IN) },
  });
  const { server } = conference;
  browser = await launchChromium({ persona: ana });
  host = await RoomPage.join(browser, { serverUrl: server.url, room: 'telephones', name: ana.name });
  phone = await conference.phone('alice');
});
afterAll(async () => {
  expect(host.problems).toEqual([]);
  await browser.close();
  await conference.stop();
});

/** Calls out of the room, as the dialog lists them: the newest first. */
const calls = () => host.page.getByTestId('call-dialog').getByTestId('call');
/** As much of its number as everybody may know. */
const MASKED = '☎ …ice';
const phoneTile = () => host.tile(MASKED);

/** Waits for a state of the call out of the room, as the dialog shows it. */
async function showsCall(state: string): Promise<void> {
  await expect.poll(() => calls().first().getAttribute('data-state')).toBe(state);
}

async function close(): Promise<void> {
  await host.page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
}

/** Has the telephone called from the dialog, where it rings. @returns how many events it had told before */
async function ring(): Promise<number> {
  const before = phone.events.length;
  await host.page.getByTestId('call-field').fill('alice');
  await host.press('Call');
  await phone.event('CALL_INCOMING', before);
  await showsCall('ringing');
  return before;
}

async function phoneHears(isHeard: (level: number) => boolean): Promise<void> {
  await until(
    'the telephone hears the page as it should',
    async () => (await phone.hear([ana.tone])).levels[0] ?? NaN,
    isHeard,
    { timeoutMs: 20_000 },
  );
}

describe('the way in by telephone', () => {
  it('has numbers, what to key in, and links that do it all', async () => {
    await host.more('Room settings');
    await host.page.getByTestId('room-pin').fill('4711');
    await host.press('Set PIN for callers');
    await host.page.getByText('Now 4711.').waitFor();
    await close();

    await host.more('Invite');
    const ways = host.page.getByTestId('invite').getByTestId('dial-in');
    const shown = await ways.innerText();
    expect(shown).toMatch(/^\+54 11 5252 5252\s+Buenos Aires, Spanish\s+800\s+Office\s+room number/i);
    const [, number = ''] = /room number ([\d ]+)#, PIN 4711#/i.exec(shown) ?? [];
    const links = ways.getByRole('link');
    expect(await links.count()).toBe(1);
    expect(await links.getAttribute('href')).toBe(
      `tel:+541152525252,,${number.replaceAll(' ', '')}%23,,4711%23`,
    );
    await close();
  });
});

describe('a telephone that the host calls', () => {
  it('rings, is answered, and is heard and seen to speak', async () => {
    // As soon as the bridge has registered.
    await host.press('More');
    await host.page.getByTestId('open-calls').click({ timeout: 20_000 });
    await ring();
    phone.accept();
    await showsCall('answered');
    await close();
    await phoneTile().waitFor();
    await host.hears([carla.tone], 20_000);
    await phoneHears((level) => level > AUDIBLE);
    const voice = phoneTile().locator('.voice-ring');
    await expect
      .poll(() => voice.evaluate(({ style }) => Number(style.getPropertyValue('--level'))))
      .toBeGreaterThan(0.3);
  });

  it('is named by its number, to hosts, in the list of people', async () => {
    await host.openPanel('people');
    const line = host.page.getByTestId('person').filter({ hasText: 'alice' });
    await line.getByRole('img', { name: 'By telephone' }).waitFor();
  });

  it('neither hears nor is heard while it is on hold', async () => {
    await host.doWith(MASKED, 'Hold');
    await phoneTile().getByText('On hold').waitFor();
    await host.hears([], 10_000);
    await phoneHears((level) => level < SILENT);
    await host.doWith(MASKED, 'Take off hold');
    await host.hears([carla.tone], 10_000);
    await phoneHears((level) => level > AUDIBLE);
  });

  it('is muted, and gone when the host hangs up', async () => {
    await host.doWith(MASKED, 'Mute');
    await host.hears([], 10_000);
    await host.doWith(MASKED, 'Hang up…');
    await host.page.getByTestId('confirmed').click();
    await phone.event('CALL_CLOSED');
    await phoneTile().waitFor({ state: 'detached' });
  });
});

describe('a call that comes to nothing', () => {
  it('is busy, is tried again, and is cancelled', async () => {
    await host.more('Call a telephone…');
    await ring();
    phone.hangUp();
    await showsCall('busy');
    const before = phone.events.length;
    await calls().getByRole('button', { name: 'Call alice again' }).click();
    await phone.event('CALL_INCOMING', before);
    await showsCall('ringing');
    expect(await calls().count()).toBe(1);
    await calls().getByRole('button', { name: 'Cancel the call to alice' }).click();
    await showsCall('cancelled');
    await phone.event('CALL_CLOSED', before);
  });

  it('is told where the dialog is closed', async () => {
    await ring();
    await close();
    await host.page.getByTestId('people-panel').getByText('Ringing… · by Ana').waitFor();
    phone.hangUp();
    await host.isTold('alice: Busy');
  });

  it('is not made where it may not be', async () => {
    await host.more('Call a telephone…');
    await host.page.getByTestId('call-field').fill('+54 11 4444 4444');
    await host.press('Call');
    await showsCall('not-allowed');
    await close();
  });
});
