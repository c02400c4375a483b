/** A real OpenID Connect provider on this machine, and somebody without a browser who signs in at it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import type { Page as BrowserPage } from 'playwright-core';

export const CLIENT = { id: 'tertulia', secret: 'a secret between provider and server' };

/** What the provider knows of people, by the name they sign in with; any password will do. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export class OidcProvider {
  readonly issuer: string;
  readonly #server: Server;

  private constructor(issuer: string, server: Server) {
    this.issuer = issuer;
    this.#server = server;
  }

  static async start(redirectUrl: string, people: People, port = 0): Promise<OidcProvider> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUrl] }],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'picture', 'groups'] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, ...people[id] }),
      }),
      // Seconds; any will do.
      ttl: { Interaction: 60, Session: 60, Grant: 60, AccessToken: 60, IdToken: 60 },
      cookies: { keys: ['a key of the test'] },
    });
    const handle = provider.callback();
    server.on('request', (request, response) => void handle(request, response));
    return new OidcProvider(issuer, server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Answers the provider's two forms in a browser, as this person. */
export async function fillForms(page: BrowserPage, login: string): Promise<void> {
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('button[type=submit]').filter({ hasText: 'Continue' }).click();
}

export interface Page {
  /** Where it ended up, after redirects and forms. */
  url: URL;
  status: number;
  text: string;
}

/** Cookies, redirects, and the two forms of the provider: all of a browser that a sign-in takes. */
export class FormFiller {
  readonly #cookies = new Map<string, string>();

  /** Of this host; without the attributes. */
  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** Goes there and answers forms as this person until there is none. @param stopAt a path that is not gone to */
  async visit(url: string | URL, login: string, stopAt?: string): Promise<Page> {
    let page = await this.#go(new URL(url), stopAt);
    for (;;) {
      const [, action] = /<form[^>]+action="([^"]+)"/.exec(page.text) ?? [];
      if (action === undefined) return page;
      const isLogin = page.text.includes('name="login"');
      const body = new URLSearchParams(
        isLogin ? { prompt: 'login', login, password: 'any' } : { prompt: 'consent' },
      );
      page = await this.#go(new URL(action, page.url), stopAt, body);
    }
  }

  async fetch(url: string | URL, method = 'GET'): Promise<Response> {
    const response = await fetch(url, { method, redirect: 'manual', headers: { cookie: this.#sent() } });
    this.#keep(response);
    return response;
  }

  async #go(url: URL, stopAt?: string, body?: URLSearchParams): Promise<Page> {
    let next = url;
    let form = body;
    for (;;) {
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: this.#sent(), accept: 'text/html' },
        ...(form ? { method: 'POST', body: form } : {}),
      });
      this.#keep(response);
      form = undefined;
      const location = response.headers.get('location');
      if (location === null) return { url: next, status: response.status, text: await response.text() };
      next = new URL(location, next);
      if (stopAt !== undefined && next.pathname === stopAt)
        return { url: next, status: response.status, text: '' };
    }
  }

  #sent(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
