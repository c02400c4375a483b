/** The page of whoever runs the server: by key, or by an account at a provider; what it shows, and what it does. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BRIDGE_VERSION } from '../../server/signalling/contract/bridge.ts';
import { violations } from '../helpers/accessibility.ts';
import { BridgeClient } from '../helpers/bridge-client.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { CLIENT, OidcProvider, fillForms } from '../helpers/oidc.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { BRIDGE_SECRET } from '../helpers/signalled-server.ts';
import { ServerProcess, freePorts } from '../helpers/server-process.ts';
import { SignalClient } from '../helpers/signal-client.ts';

const LOOKS = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'es-MX' },
] as const;
const [DESKTOP, PHONE] = LOOKS;
const METRICS_TOKEN = 'a-token-of-some-length';

describe('The admin page', () => {
  let provider: OidcProvider;
  let server: ServerProcess;
  let browser: Browser;
  let key: string;
  const problems: string[] = [];

  async function open(look: (typeof LOOKS)[number] = DESKTOP): Promise<Page> {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(new URL('admin', server.url).href);
    return page;
  }

  async function signedIn(look: (typeof LOOKS)[number] = DESKTOP): Promise<Page> {
    const page = await open(look);
    await page.locator('input[type=password]').fill(key);
    await page.locator('form button[type=submit]').click();
    await page.getByRole('navigation').waitFor();
    return page;
  }

  const isTooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

  /** A bridge with one trunk that is well and one that is not, and a call in a room. */
  async function callers() {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const url = new URL('api/rooms/line', server.url);
    await fetch(new URL('api/rooms', server.url), { method: 'POST', headers, body: '{"name":"line"}' });
    const { room } = (await (await fetch(url, { headers })).json()) as { room: { number: string } };
    const bridge = await BridgeClient.connect(server.url);
    const trunks = [
      { name: 'office', state: 'registered', uri: 'wss://pbx.example.org/ws', reason: null, calls: 1 },
      { name: 'carrier', state: 'failed', uri: null, reason: 'refused: 403', calls: 0 },
    ] as const;
    await bridge.ask('hello', { version: BRIDGE_VERSION, trunks: [...trunks], callsOut: true });
    await bridge.ask('load', { cpu: 0.25, latenessP50Ms: 0.5, latenessP99Ms: 2.5, refusing: false });
    const number = '+541155551234';
    const call = bridge.call({ trunk: 'office', name: 'Bo', number });
    await call.join(room.number);
    const end = async (): Promise<void> => {
      const [callId, endedAt] = [call.callId, Date.now()];
      await bridge.ask('leave', { callId });
      await bridge.ask('record', {
        ...{ callId, direction: 'inbound', trunk: 'office', number, name: 'Bo', called: '800', room: 'line' },
        ...{ startedAt: endedAt - 31_000, answeredAt: endedAt - 30_000, endedAt, reason: 'removed' },
        ...{ fault: 'nobody', sipStatus: 200, failedPins: 0, leg: 'plain', codec: 'PCMU' },
        ...{ packetsReceived: 1_500, packetsLost: 0, jitterMs: 1 },
      });
    };
    /** A call out of the room ends before anybody has answered it. */
    const missed = async (reason: 'busy' | 'trunk-failed', fault: 'phone' | 'trunk'): Promise<void> => {
      const endedAt = Date.now();
      await bridge.ask('record', {
        ...{ callId: `out-${reason}`, direction: 'outbound', trunk: 'office', number, name: null },
        ...{
          called: null,
          room: 'line',
          startedAt: endedAt - 5_000,
          answeredAt: null,
          endedAt,
          reason,
          fault,
        },
        ...{ sipStatus: null, failedPins: 0, leg: null, codec: null },
        ...{ packetsReceived: 0, packetsLost: 0, jitterMs: 0 },
      });
    };
    return { call, end, missed, close: () => bridge.close() };
  }

  const card = (page: Page, room: string) => page.getByTestId('admin-room').filter({ hasText: room });

  beforeAll(async () => {
    const port = await freePorts();
    provider = await OidcProvider.start(`http://127.0.0.1:${port}/api/sign-in/callback`, {
      ana: { name: 'Ana', groups: ['staff'] },
      bo: { name: 'Bo', groups: [] },
    });
    server = await ServerProcess.start({
      port,
      env: {
        ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, ALLOW_HTTP_ISSUERS: 'true', METRICS_TOKEN },
        ...{ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
        ...{ OIDC_ADMIN_CLAIM: 'groups=staff', BRIDGE_SECRET },
      },
    });
    key = (await server.command('keys', 'add', 'page', '--scope', 'admin')).split('\n')[0]!;
    browser = await launchChromium({ persona: personas[0] });
  });
  // Pages that are left open go on asking the server.
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser.close();
    await server.close();
    await provider.close();
  });

  it('lets nobody see anything without a key that is one', async () => {
    const page = await open();
    await page.getByLabel('API key').fill('tertulia_nonsense');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'That is no key' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  it('is open to an account with the claim for it, and to no other', async () => {
    const signIn = async (login: string): Promise<Page> => {
      const page = await open();
      await page.getByRole('link', { name: 'Sign in with your account' }).click();
      await fillForms(page, login);
      await page.waitForURL(new URL('admin', server.url).href);
      return page;
    };
    const [ana, bo] = [await signIn('ana'), await signIn('bo')];
    await ana.getByRole('navigation').waitFor();
    await bo.getByText('Your account may not see this page.').waitFor();
  });

  it('shows who is in which room, and what media costs', async () => {
    const page = await signedIn();
    await page.getByText('Nobody is here at the moment.').waitFor();
    const ana = await RoomPage.join(browser, {
      ...{ serverUrl: server.url, room: 'seminar', name: 'Ana', listen: false },
    });
    const bo = await RoomPage.join(browser, {
      ...{ serverUrl: server.url, room: 'seminar', name: 'Bo', listen: false, camera: false },
    });
    const seminar = card(page, 'seminar');
    await seminar.getByText('Received').waitFor();
    await page.getByRole('heading', { name: '2 people in one room' }).waitFor();
    await seminar.getByText('People', { exact: true }).last().click();
    await seminar.getByText('Host · good connection').waitFor();
    // Their cameras arrive at the server, and are sent on to the other.
    await seminar
      .locator('.figures__value', { hasText: /^[1-9][\d.,]* [kM]bit\/s$/ })
      .nth(1)
      .waitFor();
    await seminar.locator('.figures__value', { hasText: /^[\d.]+%$/ }).waitFor();
    expect(await page.locator('.admin__worker').count()).toBe(2);
    await Promise.all([ana.close(), bo.close()]);
  });

  it('follows the log of one room', async () => {
    const ana = await SignalClient.connect(server.url);
    await ana.join('logged', 'Ana');
    const page = await signedIn();
    await card(page, 'logged').getByRole('button', { name: 'Log' }).click();
    const log = page.getByTestId('admin-log');
    await log.getByText('participant joined').waitFor();
    const bo = await SignalClient.connect(server.url);
    await bo.join('logged', 'Bo');
    await expect.poll(() => log.getByText('participant joined').count()).toBe(2);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await log.count()).toBe(0);
    ana.close();
    bo.close();
  });

  it('ends a room, after asking once more', async () => {
    const ana = await SignalClient.connect(server.url);
    await ana.join('ending', 'Ana');
    const page = await signedIn();
    const ending = card(page, 'ending');
    await ending.getByRole('button', { name: 'End' }).click();
    await ending.getByRole('button', { name: 'Keep it' }).click();
    await ending.getByRole('button', { name: 'End' }).click();
    await ending.getByRole('button', { name: 'End it' }).click();
    expect(await ana.told('ended')).toMatchObject({ reason: 'room-ended', by: { name: 'page' } });
    await ending.waitFor({ state: 'detached' });
  });

  it('shows telephone lines and who calls, ends a call, and has all that are over as a file', async () => {
    const page = await signedIn();
    await page.getByRole('button', { name: 'Telephones' }).click();
    await page.getByText('No telephone line is connected.').waitFor();
    const bridge = await callers();
    const [office, carrier] = [
      page.getByTestId('admin-trunk').first(),
      page.getByTestId('admin-trunk').last(),
    ];
    await office.getByText('registered · since').waitFor();
    await office.getByText('wss://pbx.example.org/ws', { exact: true }).waitFor();
    await carrier.getByText('not connected · since').waitFor();
    await carrier.getByText('refused: 403').waitFor();
    await page.getByText('2.5 ms').waitFor();

    const call = page.getByTestId('admin-calls').getByRole('listitem');
    await call.getByText('Bo · +541155551234').waitFor();
    await call.getByText('in line · since').waitFor();
    await call.getByRole('button', { name: 'Hang up on Bo' }).click();
    await bridge.call.isTold('refused', ({ reason }) => reason === 'removed');
    await call.getByText('keys in where to go').waitFor();
    await bridge.end();
    await page.getByText('Nobody is on the telephone.').waitFor();
    const ended = page.getByTestId('admin-ended-calls').getByRole('listitem').first();
    await ended.getByText('put out by a host').waitFor();
    await ended.getByText('00:30').waitFor();
    await ended.getByText('to line · ').waitFor();

    const isTrouble = (told: string) => ended.getByText(told).getAttribute('data-trouble');
    await bridge.missed('busy', 'phone');
    await ended.getByText('from line · ').waitFor();
    expect(await isTrouble('busy')).toBeNull();
    await bridge.missed('trunk-failed', 'trunk');
    await ended.getByText('the PBX could not carry it').waitFor();
    expect(await isTrouble('the PBX could not carry it')).not.toBeNull();

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'All as CSV' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(",'+541155551234,Bo,");
    bridge.close();
    await page.getByText('No telephone line is connected.').waitFor();
  });

  it('shows how the server is set, and no secret', async () => {
    const page = await signedIn();
    await page.getByRole('button', { name: 'Settings' }).click();
    const row = (name: string) =>
      page.locator('.setting-row').filter({ has: page.getByText(name, { exact: true }) });
    await row('METRICS_TOKEN').getByText('set, and secret').waitFor();
    await row('WORKERS').getByText('2', { exact: true }).waitFor();
    await row('TOKEN_SECRET').getByText('not set').waitFor();
    const content = await page.content();
    for (const secret of [METRICS_TOKEN, CLIENT.secret, key]) expect(content).not.toContain(secret);
  });

  it('lets go of whoever signs out', async () => {
    const page = await signedIn();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });

  it.each(LOOKS)(
    'has no flaws for screen readers or eyes at $viewport.width px, $colorScheme, $locale',
    async (look) => {
      const ana = await SignalClient.connect(server.url);
      await ana.join('flawless', 'Ana');
      const outside = await open(look);
      await outside.locator('form').waitFor();
      expect(await violations(outside)).toEqual([]);
      const page = await signedIn(look);
      await card(page, 'flawless').locator('summary').click();
      await card(page, 'flawless').locator('button').first().click();
      await page.getByTestId('admin-log').locator('time').first().waitFor();
      expect(await violations(page)).toEqual([]);
      const bridge = await callers();
      await page.locator('.admin__page-link').nth(1).click();
      await page.getByTestId('admin-calls').waitFor();
      await bridge.end();
      await page.getByTestId('admin-ended-calls').waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      bridge.close();
      await page.locator('.admin__page-link').last().click();
      await page.locator('.setting-row').first().waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      ana.close();
    },
  );

  it('speaks the language of the browser', async () => {
    const page = await signedIn(PHONE);
    await page.getByRole('button', { name: 'Configuración' }).click();
    await page.getByText('Puerto web. Con 0, cualquiera que esté libre.').waitFor();
    // What a program takes is the same in every language; all else is told in this one.
    const english = page.locator('[lang=en]');
    expect((await english.allInnerTexts()).filter((told) => told.includes(' '))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
