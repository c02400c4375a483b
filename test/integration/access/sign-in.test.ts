import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT, FormFiller, OidcProvider } from '../../helpers/oidc.ts';
import { ServerProcess, freePorts } from '../../helpers/server-process.ts';
import { SignalClient } from '../../helpers/signal-client.ts';

interface Me {
  person: { name: string | null; avatar: string | null; isHost: boolean; isAdmin: boolean } | null;
  canSignIn: boolean;
  token: string | null;
}

const PEOPLE = {
  ana: { name: 'Ana Ruiz', picture: 'https://example.org/ana.png', groups: ['teachers', 'staff'] },
  bo: { preferred_username: 'bo', picture: 'javascript:alert(1)', groups: ['students'] },
  cy: { name: `\u202e${'Long '.repeat(30)}`, groups: 'teachers' },
};

describe('Sign-in at a provider', () => {
  let provider: OidcProvider;
  let server: ServerProcess;
  const sockets: SignalClient[] = [];

  const at = (path: string) => new URL(path, server.url);
  const CALLBACK = '/api/sign-in/callback';

  async function me(browser: FormFiller, query = ''): Promise<Me> {
    return (await (await browser.fetch(at(`api/me${query}`))).json()) as Me;
  }

  async function signedIn(login: string): Promise<FormFiller> {
    const browser = new FormFiller();
    await browser.visit(at('api/sign-in'), login);
    return browser;
  }

  async function refused(browser: FormFiller, url: URL | string): Promise<number> {
    const response = await browser.fetch(url);
    expect(await response.json()).toMatchObject({ error: { code: 'sign-in-failed' } });
    expect((await me(browser)).person).toBeNull();
    return response.status;
  }

  beforeAll(async () => {
    const port = await freePorts();
    const publicUrl = `http://127.0.0.1:${port}`;
    provider = await OidcProvider.start(`${publicUrl}/api/sign-in/callback`, PEOPLE);
    server = await ServerProcess.start({
      port,
      env: {
        ...{ WORKERS: '1', PUBLIC_URL: `${publicUrl}/` },
        ...{ MAKE_ROOMS: 'token', ALLOW_HTTP_ISSUERS: 'true', OIDC_ISSUER: provider.issuer },
        ...{ OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
        ...{ OIDC_HOST_CLAIM: 'groups=teachers', OIDC_ADMIN_CLAIM: 'groups=staff' },
      },
    });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await server.close();
    await provider.close();
  });

  it('goes to the provider and back to the room, and gives a token that makes host of it', async () => {
    const browser = new FormFiller();
    expect(await me(browser)).toEqual({ person: null, canSignIn: true, token: null });
    const page = await browser.visit(at('api/sign-in?to=r/seminar'), 'ana');
    expect(page.url.href).toBe(at('r/seminar').href);
    expect(page.status).toBe(200);
    const { person, token } = await me(browser, '?room=Seminar');
    expect(person).toEqual({
      ...{ name: 'Ana Ruiz', avatar: 'https://example.org/ana.png', isHost: true, isAdmin: true },
    });
    expect(decodeJwt(token!)).toMatchObject({ room: 'seminar', role: 'host', sub: `${provider.issuer}#ana` });

    const socket = await SignalClient.connect(server.url);
    sockets.push(socket);
    const joined = await socket.join('seminar', 'Typed', undefined, { token: token! });
    expect(joined.role).toBe('host');
    expect(joined.participants[0]).toMatchObject({ name: 'Ana Ruiz', avatar: 'https://example.org/ana.png' });
  });

  it('makes nobody host who is none, and lets them make no rooms', async () => {
    const browser = await signedIn('bo');
    const { person, token } = await me(browser, '?room=new');
    expect(person).toEqual({ name: 'bo', avatar: null, isHost: false, isAdmin: false });
    const socket = await SignalClient.connect(server.url);
    sockets.push(socket);
    const join = { version: 1, room: 'new', name: 'Bo', token };
    expect(await socket.refusal('join', join)).toMatchObject({ code: 'unknown-room' });
    expect((await browser.fetch(at('api/rooms'))).status).toBe(403);
  });

  it('comes back to rooms whatever their letters', async () => {
    const page = await new FormFiller().visit(
      at(`api/sign-in?to=${encodeURIComponent('r/física-日本')}`),
      'ana',
    );
    expect(decodeURIComponent(page.url.pathname)).toBe('/r/física-日本');
    expect(page.status).toBe(200);
  });

  it('shows names as they can be shown', async () => {
    const { person } = await me(await signedIn('cy'));
    expect(person).toMatchObject({ isHost: true, isAdmin: false });
    expect(person?.name).toMatch(/^Long Long /);
    expect(person!.name!.length).toBeLessThanOrEqual(64);
  });

  it('opens the API and the admin page to those with the claim for it', async () => {
    const browser = await signedIn('ana');
    expect((await browser.fetch(at('api/rooms'))).status).toBe(200);
  });

  it('ends with signing out', async () => {
    const browser = await signedIn('ana');
    await browser.fetch(at('api/session'), 'DELETE');
    expect((await me(browser)).person).toBeNull();
  });

  it('takes no answer that is not to the question of the same browser', async () => {
    const [browser, other] = [new FormFiller(), new FormFiller()];
    const answer = await browser.visit(at('api/sign-in'), 'ana', CALLBACK);
    expect(answer.url.searchParams.get('code')).not.toBeNull();
    // Another browser, with no question of its own, and with one.
    expect(await refused(other, answer.url)).toBe(403);
    await other.visit(at('api/sign-in'), 'bo', CALLBACK);
    expect(await refused(other, answer.url)).toBe(403);
    // Another state, another issuer, no code, and what the provider has not said.
    for (const [name, value] of Object.entries({
      state: 'other',
      iss: 'http://127.0.0.1:9',
      code: 'other',
    })) {
      const fresh = new FormFiller();
      const { url } = await fresh.visit(at('api/sign-in'), 'ana', CALLBACK);
      url.searchParams.set(name, value);
      expect(await refused(fresh, url)).toBe(403);
    }
    const denied = new FormFiller();
    const { url } = await denied.visit(at('api/sign-in'), 'ana', CALLBACK);
    const error = new URLSearchParams({
      ...{ error: 'access_denied', state: url.searchParams.get('state')!, iss: provider.issuer },
    });
    expect(await refused(denied, at(`api/sign-in/callback?${error}`))).toBe(403);
  });

  it('takes an answer once', async () => {
    const browser = new FormFiller();
    const { url } = await browser.visit(at('api/sign-in'), 'ana', CALLBACK);
    const flow = browser.cookie('tertulia-sign-in')!;
    expect((await browser.fetch(url)).status).toBe(302);
    const again = await fetch(url, { redirect: 'manual', headers: { cookie: `tertulia-sign-in=${flow}` } });
    expect(again.status).toBe(403);
  });

  it('keeps its cookies from scripts and other sites, and secrets out of the log', async () => {
    const begun = await fetch(at('api/sign-in'), { redirect: 'manual' });
    const cookie = begun.headers.get('set-cookie') ?? '';
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=600']) {
      expect(cookie).toContain(attribute);
    }
    const browser = new FormFiller();
    const { url } = await browser.visit(at('api/sign-in'), 'ana', CALLBACK);
    await browser.fetch(url);
    for (const secret of [
      url.searchParams.get('code')!,
      browser.cookie('tertulia-session')!,
      CLIENT.secret,
    ]) {
      expect(server.log).not.toContain(secret);
    }
  });

  it('says that the provider is away while it is, and goes on when it is back', async () => {
    const port = await freePorts();
    const waiting = await ServerProcess.start({
      env: {
        ...{ WORKERS: '1', PUBLIC_URL: 'https://meet.example.org', OIDC_ISSUER: `http://127.0.0.1:${port}` },
        ...{ ALLOW_HTTP_ISSUERS: 'true', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' },
      },
    });
    const response = await fetch(new URL('api/sign-in', waiting.url), { redirect: 'manual' });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'sign-in-unavailable' } });
    const late = await OidcProvider.start('https://meet.example.org/api/sign-in/callback', PEOPLE, port);
    expect((await fetch(new URL('api/sign-in', waiting.url), { redirect: 'manual' })).status).toBe(302);
    await Promise.all([waiting.close(), late.close()]);
  });
});
