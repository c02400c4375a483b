/** Rooms of a server that knows its hosts: by an account at a provider, or by a token in the link. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../helpers/api-client.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { CLIENT, OidcProvider, fillForms } from '../helpers/oidc.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess, freePorts } from '../helpers/server-process.ts';

interface Person {
  name: string;
  role: string;
}

describe('A server where only those make rooms who are known', () => {
  let provider: OidcProvider;
  let server: ServerProcess;
  let browser: Browser;
  let api: ApiClient;

  const open = (room: string, name: string): Promise<RoomPage> =>
    RoomPage.open(browser, { serverUrl: server.url, room, name });

  /** Who is in a room, as the server knows it. */
  async function people(room: string): Promise<Person[]> {
    const { body } = await api.call<{ participants: Person[] }>('GET', `rooms/${room}/people`);
    return body.participants.map(({ name, role }) => ({ name, role }));
  }

  beforeAll(async () => {
    const port = await freePorts();
    provider = await OidcProvider.start(`http://127.0.0.1:${port}/api/sign-in/callback`, {
      ana: { name: 'Ana Ruiz', groups: ['teachers'] },
    });
    server = await ServerProcess.start({
      port,
      env: {
        ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, ALLOW_HTTP_ISSUERS: 'true', MAKE_ROOMS: 'token' },
        ...{ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
        OIDC_HOST_CLAIM: 'groups=teachers',
      },
    });
    api = await ApiClient.of(server, 'rooms:read', 'tokens:write');
    browser = await launchChromium({ persona: personas[0] });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await provider.close();
  });

  it('lets nobody else make one, lets a host sign in to it, and others follow', async () => {
    const guest = await open('seminar', 'Guest');
    await guest.press('Join now');
    await guest.page.getByRole('link', { name: 'Sign in' }).waitFor();

    const ana = await open('seminar', 'Typed');
    await ana.page.getByRole('link', { name: 'Sign in' }).click();
    await fillForms(ana.page, 'ana');
    await ana.page.getByText('Signed in as Ana Ruiz').waitFor();
    expect(new URL(ana.page.url()).pathname).toBe('/r/seminar');
    await ana.enter();
    expect(await people('seminar')).toEqual([{ name: 'Ana Ruiz', role: 'host' }]);

    const late = await open('seminar', 'Late');
    await late.enter();
    expect(await people('seminar')).toEqual([
      { name: 'Ana Ruiz', role: 'host' },
      { name: 'Late', role: 'participant' },
    ]);
    for (const page of [guest, ana, late]) {
      expect(page.problems).toEqual([]);
      await page.close();
    }
  });

  it('knows who signed in before as the host also when they join before that is told', async () => {
    const ana = await open('early', 'Typed');
    await ana.page.getByRole('link', { name: 'Sign in' }).click();
    await fillForms(ana.page, 'ana');
    await ana.page.getByText('Signed in as Ana Ruiz').waitFor();

    const told = Promise.withResolvers<undefined>();
    await ana.page.route('**/api/me?*', async (route) => {
      await told.promise;
      await route.continue();
    });
    await ana.page.reload();
    await ana.page.getByLabel('Your name').fill('Typed');
    await ana.press('Join now');
    told.resolve(undefined);
    await ana.phase('joined');
    expect(await people('early')).toEqual([{ name: 'Ana Ruiz', role: 'host' }]);
    expect(ana.problems).toEqual([]);
    await ana.close();
  });

  it('takes the token of a link for who somebody is, and leaves none in the address', async () => {
    const { body } = await api.call<{ token: string; url: string }>('POST', 'tokens', {
      ...{ room: 'linked', role: 'cohost', name: 'Dr. Bo' },
    });
    expect(body.url).toBe(new URL(`r/linked#token=${body.token}`, server.url).href);
    const bo = await open(`linked#token=${body.token}`, 'Typed');
    expect(bo.page.url()).not.toContain('token');
    await bo.enter();
    expect(await people('linked')).toEqual([{ name: 'Dr. Bo', role: 'cohost' }]);
    await bo.close();
  });
});
